"""What a browser would send from the screens: read from the page that was shown, with some fields changed."""

from __future__ import annotations

from html.parser import HTMLParser


class _Form(HTMLParser):
    """The successful controls of one form, as HTML defines them."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.data, self.is_in, self.select, self.area, self.is_disabled = (
            form_id,
            {},
            False,
            None,
            None,
            False,
        )

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.is_in = attrs.get("id") == self.form_id
        if not self.is_in:
            return
        if tag == "fieldset":
            self.is_disabled = "disabled" in attrs
        name = attrs.get("name")
        if self.is_disabled or "disabled" in attrs:
            return
        if tag == "input" and name:
            kind = attrs.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in attrs:
                return
            self.data[name] = attrs.get("value") or ""
        elif tag == "textarea" and name:
            self.area, self.data[name] = name, ""
        elif tag == "select" and name:
            self.select, self.data[name] = name, None
        elif tag == "option" and self.select and ("selected" in attrs or self.data[self.select] is None):
            self.data[self.select] = attrs.get("value", "")

    def handle_data(self, data):
        if self.area:
            self.data[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.data[self.area] = self.data[self.area].removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "fieldset":
            self.is_disabled = False
        elif tag == "form":
            self.is_in = False


def item_form(response, **changes):
    """The fields of the item screen as sent by a browser, changed by name; `block_<id>_<field>` names a block's."""
    form = _Form("item-form")
    form.feed(response.content.decode())
    data = form.data
    for name, value in changes.items():
        if name.startswith("block_"):
            _, key, field = name.split("_", 2)
            index = next(n for n in range(500) if data.get(f"block-{n}-id") == key)
            name = f"block-{index}-{field}"
        data[name] = value
    return data
