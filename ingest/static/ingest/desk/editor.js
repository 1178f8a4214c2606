// Editing a block in its place: Enter opens it, Esc or leaving takes the text over, Ctrl+Enter splits at the caret.

import { Refusal, containers, find } from "./core.js";
import { el } from "./dom.js";
import * as steps from "./steps.js";

export class Editor {
  constructor(store, view, commands, report) {
    Object.assign(this, { store, view, commands, report, open: null });
  }

  start(id) {
    if (this.open && !this.finish()) return;
    const node = this.view.node(id);
    if (!node) return;
    const { block } = find(this.store.layout, id);
    const area = el("textarea", {
      class: "dk-area", rows: "1", value: block.text, spellcheck: "false", "aria-label": "改文字；Esc 完成，Ctrl+Enter 从光标处分开",
      onkeydown: (event) => this.#key(event), oninput: () => this.#grow(), onblur: () => this.finish(),
    });
    const former = node.querySelector(".dk-text");
    former.replaceWith(area);
    node.classList.add("is-editing");
    this.open = { id, area, former, node };
    this.view.light(id);
    area.focus();
    area.setSelectionRange(0, 0);
    this.#grow();
  }

  #grow() {
    const { area } = this.open;
    area.style.height = "0"; // through the object model: the policy forbids only what is written in the page
    area.style.height = `${area.scrollHeight + 2}px`;
  }

  #key(event) {
    if (event.isComposing) return; // an input method is choosing characters
    const isSingle = !["is-paragraph", "is-caption", "is-text"].some((name) => this.open.node.classList.contains(name));
    if (event.key === "Escape" || (event.key === "Enter" && isSingle && !event.ctrlKey && !event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      const { id } = this.open;
      if (this.finish()) this.view.focus(id);
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.split();
    }
  }

  // Takes the text over; false when it is refused and stays open.
  finish() {
    if (!this.open) return true;
    const { id, area, former, node } = this.open;
    const { block } = find(this.store.layout, id);
    const ops = steps.editText(block, area.value);
    const opened = this.open;
    this.open = null;
    try {
      if (ops.length) this.store.act("改字", ops, undefined);
      else this.#close(node, area, former);
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.open = opened;
      this.report(error.message);
      return false;
    }
  }

  #close(node, area, former) {
    area.replaceWith(former);
    node.classList.remove("is-editing");
  }

  split() {
    const { id, area } = this.open;
    const at = area.selectionStart;
    if (!this.finish()) return;
    try {
      const made = steps.freshId(this.store.layout, this.known());
      this.commands.act("分段", steps.splitBlock(this.store.layout, id, at, made), made);
      this.view.focus(made);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.view.focus(id);
      this.report(error.message);
    }
  }

  // Ids that undo and redo may bring back.
  known() {
    return [...JSON.stringify([this.store.done, this.store.undone]).matchAll(/"(e\d+)"/g)].map((found) => found[1]);
  }

  // The highest number of such an id, for the server to go on from.
  highest() {
    const numbers = [...containers(this.store.layout)].flatMap(([, blocks]) => blocks.map((block) => block.id));
    return Math.max(0, ...[...numbers, ...this.known()].filter((id) => /^e\d{1,8}$/.test(id)).map((id) => Number(id.slice(1))));
  }

  // A new block after the focused one, or a headline where there is none; its first words are typed at once.
  add() {
    const { place, index, block } = this.commands.here();
    const made = steps.freshId(this.store.layout, this.known());
    const role = place in this.store.layout.trays ? "text" : block.role === "caption" ? "caption" : "paragraph";
    this.commands.act("加一段", [{ op: "AddBlock", block: made, place, index: index + 1, role, text: "（新文字）" }], made);
    this.start(made);
    this.open?.area.select();
  }

  addHeadline() {
    const item = this.commands.hereItem();
    const role = item.kind === "notice" ? "heading" : "headline";
    const there = item.blocks.find((block) => block.role === role);
    if (there) {
      this.view.focus(there.id);
      this.start(there.id);
      return;
    }
    const made = steps.freshId(this.store.layout, this.known());
    this.commands.act("加标题", [{ op: "AddBlock", block: made, place: item.key, index: 0, role, text: "（标题）" }], made);
    this.start(made);
    this.open?.area.select();
  }
}
