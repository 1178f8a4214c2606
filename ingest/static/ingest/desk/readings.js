// Another reading of the page: each difference is shown, and taken over as an ordinary edit or declined.

import { Refusal, containers, points } from "./core.js";
import { post } from "./asking.js";
import { byId, clock, el, runs } from "./dom.js";
import { freshId } from "./steps.js";

const blocksOf = (layout) => new Map([...containers(layout)].flatMap(([, blocks]) => blocks.map((block) => [block.id, block])));

// Where the words of a change stand in the block as it is now; -1 when they do not, in UTF-16 units.
function placeOf(block, { before, old, after }) {
  const at = block.text.indexOf(before + old + after);
  return at < 0 ? -1 : at + before.length;
}

export class Readings {
  constructor(desk) {
    this.desk = desk;
  }

  // What is still to be decided: what the layout says by now is not.
  get open() {
    const blocks = blocksOf(this.desk.store.layout);
    const texts = [...blocks.values()].map((block) => block.text.replace(/\s/g, ""));
    const isOpen = (change) => {
      if (change.kind === "added") return !texts.some((text) => text.includes(change.new.replace(/\s/g, "")));
      const block = blocks.get(change.block);
      if (change.kind === "missing") return [...containers(this.desk.store.layout)].some(([place, found]) => place !== "set_aside" && found.includes(block));
      return block !== undefined && (placeOf(block, change) >= 0 || !block.text.includes(change.before + change.new + change.after));
    };
    return (this.desk.store.state.readings ?? []).map((reading) => ({ ...reading, changes: reading.changes.filter(isOpen) }))
      .filter((reading) => reading.changes.length || reading.blocks.length);
  }

  mark() {
    const count = this.open.reduce((sum, reading) => sum + (reading.changes.length || 1), 0);
    const badge = byId("dk-readings");
    badge.hidden = !count;
    badge.firstElementChild.textContent = `新读法 ${count} 处`;
  }

  // One step for all of them; from the last place to the first, so that no edit moves the next one.
  #take(changes, label) {
    const layout = this.desk.store.layout;
    const blocks = blocksOf(layout);
    const made = [];
    const taken = [];
    const edits = changes.filter((each) => each.kind === "text").map((each) => ({ ...each, place: placeOf(blocks.get(each.block), each) }));
    if (edits.some((each) => each.place < 0)) throw new Refusal("这一处刚改过，对不上了：先保存，再来看。");
    edits.sort((a, b) => b.place - a.place);
    for (const each of edits) made.push({ op: "EditText", block: each.block, at: points(blocks.get(each.block).text, each.place), old: each.old, new: each.new });
    for (const each of changes.filter((other) => other.kind === "missing")) made.push({ op: "Move", block: each.block, place: "set_aside", index: layout.trays.set_aside.length, role: "text" });
    for (const each of changes.filter((other) => other.kind === "added")) {
      const id = freshId(layout, [...this.desk.editor.known(), ...taken]);
      taken.push(id);
      made.push({ op: "AddBlock", block: id, place: "unplaced", index: layout.trays.unplaced.length + taken.length, role: "text", text: each.new });
    }
    this.desk.commands.act(label, made, changes[0].block || taken[0]);
  }

  async #decline(reading, keys) {
    const answer = await post(this.desk.fixed.urls.decline, { reading: reading.id, keys });
    if (!answer.ok) throw new Refusal(answer.reason);
    this.desk.store.state.readings = answer.readings;
  }

  show() {
    if (!this.open.length) throw new Refusal("没有新读法要定。");
    const dialog = byId("dk-dialog");
    const back = document.activeElement;
    const close = () => {
      dialog.close();
      back?.focus?.();
      this.mark();
    };
    const safely = (act) => async () => {
      try {
        await act();
        note.textContent = "";
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        note.textContent = error.message;
      }
      draw();
    };
    const button = (label, act, more = {}) => el("button", { type: "button", class: "button quiet-button", onclick: act, ...more }, label);
    const note = el("p", { class: "warnnote", role: "status" });
    const body = el("div", {});
    const draw = () => {
      note.hidden = !note.textContent;
      const open = this.open;
      body.replaceChildren(...open.map((reading) => this.#section(reading, button, safely, close)));
      if (!open.length) body.append(el("p", {}, "都定好了。采纳的还要保存。"));
      this.mark();
      body.querySelector("button")?.focus();
    };
    dialog.className = "is-wide";
    dialog.oncancel = (event) => {
      event.preventDefault();
      close();
    };
    dialog.replaceChildren(el("h2", { id: "dk-dialog-title" }, "新读法：逐处定"), note, body,
      el("div", { class: "bar-inline" }, el("button", { type: "button", class: "button default", onclick: close }, "关上")));
    dialog.showModal();
    draw();
  }

  #section(reading, button, safely, close) {
    const clear = reading.changes.filter((each) => each.kind !== "missing" && !each.is_disputed);
    const when = clock(reading.at);
    const names = { text: "", added: "这里没有的一段，采纳后放到未归位", missing: "新文件里没有这一段；采纳就是搁置" };
    return el("section", {}, el("h3", {}, reading.changes.length ? `“${reading.name}”又来了一次（${when}）` : `机器现在的读法和已定的不同（${reading.name}，${when}）`),
      el("p", { class: "help" }, reading.changes.length
        ? "只列新文件和原来文件不同、而这里还没有的字。你改过的地方不会被换回去；标明“编辑改过这里”“去掉的字多”的，要一处一处定。"
        : `涉及 ${reading.blocks.length} 段。已定的一个字没动；可以请机器按现在的文字重读这几段，先看再用。`),
      el("p", { class: "bar-inline" },
        clear.length > 0 && button(`采纳没有争议的 ${clear.length} 处`, safely(() => this.#take(clear, `采纳新读法 ${clear.length} 处`))),
        reading.blocks.length > 0 && button("请机器重读这几段", () => { close(); this.desk.readAgain(reading.blocks).catch((error) => this.desk.report(error.message)); }),
        button("全部不采纳", safely(() => this.#decline(reading, null)))),
      el("ol", { class: "dk-changes dk-tight" }, reading.changes.map((each) => el("li", {},
        names[each.kind] || each.note ? el("p", { class: "change-label" }, names[each.kind], each.note) : null,
        runs(each.before + each.old + each.after, each.kind === "missing" ? "" : each.before + each.new + each.after),
        el("p", { class: "bar-inline" },
          button("采纳", safely(() => this.#take([each], "采纳新读法"))),
          button("不采纳", safely(() => this.#decline(reading, [each.key])))))))); 
  }
}
