// From the layout to the screen. Only what has changed is drawn again: places keep their identity until then.

import { ROLE_NAMES, TRAYS, containers, isTray } from "./core.js";
import { byId, el } from "./dom.js";

const TONES = 6;
const TRAY_NAMES = { unplaced: "未归位文字", set_aside: "已搁置", furniture: "版面附件", removed: "已剔除" };
const TRAY_MARKS = { unplaced: "未归位", set_aside: "搁置", furniture: "附件", removed: "剔除" };
const TRAY_HINTS = {
  unplaced: "归位或搁置之前，本版不能见报。", set_aside: "看过、确认不用的文字。", furniture: "报头、口号、热线等。",
  removed: "入库时认定不是正文的字符。",
};

export class View {
  constructor(store) {
    this.store = store;
    this.drawn = new Map(); // place → {blocks, facts, number, node}
    this.lines = new Map(); // "source-number" → element
    this.picked = new Set();
    this.current = "";
    this.editing = null;
    this.#drawSource();
  }

  nameOf(place, layout = this.store.layout) {
    if (isTray(place)) return TRAY_NAMES[place];
    const number = layout.items.findIndex((item) => item.key === place) + 1;
    return number ? `第 ${number} 条` : "别的条目";
  }

  titleOf(item) {
    const head = item.blocks.find((block) => block.role === "headline" || block.role === "heading");
    return head?.text ?? (item.blocks[0] ? `（无题）${item.blocks[0].text.slice(0, 16)}` : "（空）");
  }

  draw() {
    const { layout, state } = this.store;
    this.doubts = new Map();
    for (const finding of state.findings) {
      if (finding.block && layout.findings[finding.id] === "open") {
        this.doubts.set(finding.block, [...(this.doubts.get(finding.block) ?? []), finding]);
      }
    }
    const marks = JSON.stringify([...this.doubts.keys()]);
    const items = byId("dk-items");
    const nodes = layout.items.map((item, index) => this.#place(item.key, item.blocks, marks, item, index));
    this.#arrange(items, nodes);
    this.#arrange(byId("dk-trays"), TRAYS.map((name) => this.#place(name, layout.trays[name], marks)));
    const alive = new Set([...containers(layout)].map(([place]) => place));
    for (const place of this.drawn.keys()) if (!alive.has(place)) this.drawn.delete(place);
    for (const id of this.picked) if (!this.node(id)) this.picked.delete(id);
    if (!this.node(this.current)) this.current = "";
    this.#markLines();
    this.#drawFindings();
    this.mark();
  }

  #arrange(parent, nodes) {
    nodes.forEach((node, index) => {
      if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
    });
    while (parent.children.length > nodes.length) parent.lastElementChild.remove();
  }

  #place(place, blocks, marks, item, index) {
    const known = this.drawn.get(place);
    if (known && known.blocks === blocks && known.item === item && known.marks === marks) {
      if (known.index !== index) this.#renumber(known, item, index);
      return known.node;
    }
    const list = el("ol", { class: "dk-blocks", "data-place": place }, blocks.map((block) => this.#block(block)));
    const node = item ? this.#card(item, index, list) : this.#tray(place, blocks, list, known?.node);
    this.drawn.set(place, { blocks, item, index, marks, node });
    this.onPlace?.(list);
    return node;
  }

  #renumber(known, item, index) {
    known.node.classList.replace(`tone-${(known.index % TONES) + 1}`, `tone-${(index % TONES) + 1}`);
    known.node.setAttribute("aria-label", `第 ${index + 1} 条，${this.titleOf(item)}`);
    known.node.querySelector(".dk-number").textContent = String(index + 1);
    known.index = index;
  }

  #card(item, index, list) {
    const facts = this.store.state.items[item.key] ?? {};
    const isUnsure = facts.sureness?.level === "low";
    const notes = [];
    if (item.kind === "article" && item.facts.continued_from) notes.push(`上接${item.facts.continued_from}`);
    if (item.kind === "article" && item.facts.continued_on) notes.push(`下转${item.facts.continued_on}`);
    if (facts.is_corrected) notes.push("已校");
    if (item.is_bound) notes.push("见过报");
    const kinds = item.kind === "notice" && el(
      "select", { class: "dk-kind", "aria-label": "公告类别", "data-key": item.key },
      this.store.state.kinds.map((kind) => el("option", { selected: kind === item.facts.kind }, kind)),
    );
    return el("section", {
      class: `dk-item tone-${(index % TONES) + 1} is-${item.kind}${isUnsure ? " is-unsure" : ""}${facts.is_corrected ? " is-corrected" : ""}`, "data-key": item.key, "aria-label": `第 ${index + 1} 条，${this.titleOf(item)}`,
    }, el("header", {},
      el("span", { class: "dk-grip-item", title: "拖动整条", "aria-hidden": "true" }, "⠿"),
      el("strong", { class: "dk-number" }, String(index + 1)),
      el("span", { class: "dk-sort" }, item.kind === "article" ? "稿件" : "公告"), kinds,
      notes.length ? el("small", { class: "quiet" }, notes.join(" · ")) : null,
      facts.sureness ? el("small", { class: isUnsure ? "dk-unsure" : "quiet", title: facts.sureness.figure }, facts.sureness.says) : null,
      facts.href ? el("a", { href: facts.href, class: "dk-open" }, "单条页") : null,
    ), list);
  }

  #tray(name, blocks, list, former) {
    const isOpen = former ? former.open : name === "unplaced" || name === "set_aside";
    return el("details", { class: "dk-tray", "data-tray": name, open: isOpen },
      el("summary", {}, `${TRAY_NAMES[name]}（${blocks.length}）`), el("p", { class: "help" }, TRAY_HINTS[name]), list);
  }

  #block(block) {
    const doubts = this.doubts.get(block.id) ?? [];
    const lines = this.linesOf(block);
    const isUnsure = block.origins.some((id) => this.store.state.origins[id]?.is_unsure);
    const where = lines.length ? `${lines[0].number}${lines.length > 1 ? `–${lines.at(-1).number}` : ""} 行` : "";
    const doubt = doubts.length ? `，疑点：${doubts.map((each) => each.message).join("；")}` : "";
    return el("li", {
      class: `dk-block is-${block.role}${isUnsure ? " is-unsure" : ""}${doubts.length ? " has-doubt" : ""}`,
      "data-id": block.id, tabindex: "-1", "aria-label": `${ROLE_NAMES[block.role]}，${where}${doubt}：${block.text}`,
    },
    el("span", { class: "dk-grip", "aria-hidden": "true", title: "拖动" }, "⠿"),
    el("span", { class: "dk-role" }, ROLE_NAMES[block.role]),
    this.#words(block, doubts),
    el("small", { class: "dk-where", title: block.origins.map((id) => this.store.state.origins[id]?.reason).filter(Boolean).join("；") },
      doubts.length ? el("span", { class: "dk-flag", title: doubts.map((each) => each.message).join("；") }, "⚑ ") : null,
      isUnsure ? el("span", { title: "机器没有把握" }, "？") : null, where));
  }

  // The text, the quoted words of its findings marked in place.
  #words(block, doubts) {
    const quote = doubts.map((each) => each.quote).find((words) => words && block.text.includes(words));
    if (!quote) return el("span", { class: "dk-text" }, block.text);
    const at = block.text.indexOf(quote);
    return el("span", { class: "dk-text" }, block.text.slice(0, at), el("mark", {}, quote), block.text.slice(at + quote.length));
  }

  #drawFindings() {
    const { layout, state } = this.store;
    const names = { open: "", accepted: "已采纳", dismissed: "已排除" };
    const order = { open: 0, accepted: 1, dismissed: 2 };
    const listed = [...state.findings].sort((a, b) => order[layout.findings[a.id]] - order[layout.findings[b.id]]);
    byId("dk-findings").replaceChildren(...(listed.length ? listed.map((finding) => {
      const status = layout.findings[finding.id];
      const act = (label, wanted) => el("button", { type: "button", "data-finding": finding.id, "data-state": wanted }, label);
      return el("li", { class: `finding is-${status}` },
        el("div", { class: "finding-words" },
          finding.block ? el("button", { type: "button", class: "dk-link", "data-go": finding.block }, finding.message) : finding.message,
          finding.is_blocking && status === "open" ? el("span", { class: "badge badge-todo" }, "必须先处理") : null,
          names[status] ? el("span", { class: "badge badge-plain" }, names[status]) : null,
          finding.quote ? el("div", {}, "原文：", el("q", {}, finding.quote)) : null,
          finding.fix ? el("div", {}, "建议：", el("q", {}, finding.fix)) : null),
        el("div", { class: "finding-acts" }, status === "open"
          ? [act("采纳", "accepted"), act("排除", "dismissed")] : act("重新打开", "open")));
    }) : [el("li", { class: "quiet" }, "没有疑点。")]));
  }

  // Source

  #drawSource() {
    const { sources } = this.store.state;
    byId("dk-source").replaceChildren(...(sources.length ? sources.flatMap((source) => [
      el("h2", {}, "来源文本 ", el("small", {}, source.name)),
      el("ol", { class: "source-lines" }, source.lines.map((text, index) => {
        const line = el("li", { class: "dk-line", tabindex: "-1", "data-line": `${source.id}-${index + 1}` },
          el("span", { class: "line-number" }, String(index + 1)), el("span", { class: "line-text" }, text || "　"),
          el("span", { class: "line-marks" }));
        this.lines.set(`${source.id}-${index + 1}`, line);
        return line;
      })),
    ]) : [el("h2", {}, "来源文本"), el("p", { class: "quiet" }, "没有来源：这里的文字是编辑录入的。")]));
  }

  linesOf(block) {
    return block.origins.flatMap((id) => {
      const origin = this.store.state.origins[id];
      return origin ? origin.lines.map((number) => ({ key: `${origin.source}-${number}`, number })) : [];
    });
  }

  #markLines() {
    const marks = new Map();
    this.holders = new Map();
    const numbers = new Map(this.store.layout.items.map((item, index) => [item.key, index]));
    for (const [place, blocks] of containers(this.store.layout)) {
      for (const block of blocks) {
        for (const { key } of this.linesOf(block)) {
          const index = numbers.get(place);
          const mark = index === undefined ? `tray|${TRAY_MARKS[place]}` : `tone-${(index % TONES) + 1}|${index + 1}`;
          if (!marks.has(key)) marks.set(key, mark);
          this.holders.set(key, [...(this.holders.get(key) ?? []), block.id]);
        }
      }
    }
    let before = "";
    for (const [key, line] of this.lines) {
      const mark = marks.get(key) ?? "";
      const label = mark && mark !== before ? mark.split("|")[1] : "";
      before = mark;
      const wanted = `${mark}#${label}`;
      if (line.dataset.mark === wanted) continue;
      line.dataset.mark = wanted;
      line.className = `dk-line${mark ? ` is-mine ${mark.split("|")[0]}` : ""}`;
      line.lastElementChild.textContent = label;
    }
  }

  // Focus and light

  node(id) {
    return id ? document.querySelector(`.dk-block[data-id="${CSS.escape(id)}"]`) : null;
  }

  order() {
    return [...document.querySelectorAll("#dk-items .dk-block, #dk-trays details[open] .dk-block")].map((node) => node.dataset.id);
  }

  focus(id, { scroll = true } = {}) {
    const node = this.node(id);
    if (!node) return;
    const tray = node.closest("details");
    if (tray) tray.open = true;
    this.current = id;
    this.mark();
    node.focus({ preventScroll: true });
    if (scroll) node.scrollIntoView({ block: "nearest" });
    this.light(id);
  }

  mark() {
    const first = this.node(this.current) ?? document.querySelector(".dk-block");
    const formerly = document.querySelector('.dk-block[tabindex="0"]');
    if (formerly !== first) {
      if (formerly) formerly.tabIndex = -1;
      if (first) first.tabIndex = 0;
    }
    for (const node of document.querySelectorAll(".dk-block.is-picked")) {
      if (this.picked.has(node.dataset.id)) continue;
      node.classList.remove("is-picked");
      node.removeAttribute("aria-current");
    }
    for (const id of this.picked) {
      this.node(id)?.classList.add("is-picked");
      this.node(id)?.setAttribute("aria-current", "true");
    }
    const badge = byId("dk-picked");
    badge.hidden = !this.picked.size;
    badge.textContent = `选中 ${this.picked.size} 段`;
  }

  light(id) {
    for (const lit of document.querySelectorAll(".dk-line.is-lit")) lit.classList.remove("is-lit");
    const found = [...containers(this.store.layout)].flatMap(([, blocks]) => blocks).find((block) => block.id === id);
    if (!found) return;
    const lines = this.linesOf(found).map(({ key }) => this.lines.get(key)).filter(Boolean);
    lines.forEach((line) => line.classList.add("is-lit"));
    if (lines[0]) this.#show(lines[0]);
  }

  #show(line) {
    const panel = byId("dk-source");
    const top = line.getBoundingClientRect().top - panel.getBoundingClientRect().top + panel.scrollTop;
    if (top < panel.scrollTop + 40 || top > panel.scrollTop + panel.clientHeight - 60) panel.scrollTop = top - panel.clientHeight / 3;
  }

  lightBlocks(lineKey) {
    for (const lit of document.querySelectorAll(".dk-block.is-lit")) lit.classList.remove("is-lit");
    for (const id of this.holders.get(lineKey) ?? []) this.node(id)?.classList.add("is-lit");
  }
}
