// The desk: puts state, screen, keys and the server together.

import { Refusal } from "./core.js";
import { Commands } from "./commands.js";
import { choosePlace, confirmDialog, help, jumpsDialog, mergeWith, offerDraft, pastDialog, punctuationDialog, replaceDialog, waysDialog } from "./dialogs.js";
import { byId } from "./dom.js";
import { get, post } from "./asking.js";
import { draggable } from "./drag.js";
import { Editor } from "./editor.js";
import { meaning } from "./keys.js";
import { Presence } from "./presence.js";
import { Readings } from "./readings.js";
import { splices } from "./replacing.js";
import { Store } from "./store.js";
import { View } from "./view.js";

class Desk {
  constructor(state) {
    this.fixed = state;
    this.store = new Store(state, { onChange: (focus) => this.changed(focus) });
    this.view = new View(this.store);
    this.commands = new Commands(this.store, this.view, (words) => this.say(words));
    this.editor = new Editor(this.store, this.view, this.commands, (words) => this.report(words));
    this.readings = new Readings(this);
    this.sending = null;
    draggable(this);
    this.keepBelowTop();
    this.view.draw();
    this.listen();
    this.status();
  }

  // The bar may take two rows and a note below; what sticks stays under both. On a screen of few lines nothing sticks.
  keepBelowTop() {
    const top = byId("dk-top");
    const fit = () => byId("desk").style.setProperty("--dk-top", getComputedStyle(top).position === "sticky" ? `${top.offsetHeight}px` : "0px");
    new ResizeObserver(fit).observe(top);
    window.addEventListener("resize", fit);
  }

  async begin() {
    const kept = this.store.left();
    if (!kept) return;
    const isStale = kept.stamp !== this.store.stamp;
    if (!kept.pending.length) {
      if (!isStale) this.store.restore(kept); // nothing to apply: only undo for what was saved
      return;
    }
    if (!(await offerDraft(kept, this.view, isStale))) {
      this.store.forget();
      return;
    }
    if (!isStale) this.store.restore(kept);
    else await mergeWith(this, this.state(this.fixed), { base: kept.base, mine: kept.after, steps: kept.pending });
    this.say("已恢复没保存的改动");
  }

  // A save answers with what changes; the source and the rights stay.
  state(answer) {
    return { ...this.fixed, ...answer };
  }

  changed(focus) {
    if (this.presence) this.presence.acted = true;
    this.view.draw();
    if (focus && this.view.node(focus)) this.view.focus(focus);
    else if (document.activeElement === document.body && this.view.current) this.view.focus(this.view.current, { scroll: false });
    this.status();
  }

  status() {
    this.readings.mark();
    const { pending, isKept } = this.store;
    byId("dk-status").textContent = this.sending ? "正在保存…"
      : pending.length ? `${pending.length} 步没有保存${isKept === false ? "（这台电脑存不下草稿！）" : "，已存在本机"}` : "都已保存";
  }

  showReadings() {
    if (this.editor.finish()) this.readings.show();
  }

  say(words) {
    byId("dk-live").textContent = "";
    byId("dk-live").textContent = words;
    if (!byId("dk-note").dataset.isLasting) byId("dk-note").hidden = true;
  }

  // What an editor must see; read out as well.
  report(words, { isLasting = false } = {}) {
    this.say(words);
    const note = byId("dk-note");
    note.textContent = words;
    note.hidden = false;
    if (isLasting) note.dataset.isLasting = "1";
    else delete note.dataset.isLasting;
  }

  try(act) {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.report(error.message);
    }
  }

  listen() {
    document.addEventListener("keydown", (event) => {
      if (byId("dk-dialog").open) return;
      if (event.target.closest?.("#dk-source")) {
        if (this.inSource(event)) return;
      }
      const act = meaning(event);
      if (!act) return;
      event.preventDefault();
      this.try(() => act(this));
    });
    window.addEventListener("unhandledrejection", (event) => {
      if (!(event.reason instanceof Refusal)) return;
      event.preventDefault();
      this.report(event.reason.message);
    });
    byId("desk").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.do) this.try(() => this.press(button.dataset.do));
      else if (button?.dataset.finding) this.try(() => this.commands.settleOne(button.dataset.finding, button.dataset.state));
      else if (button?.dataset.go) this.view.focus(button.dataset.go);
      const block = event.target.closest(".dk-block:not(.is-editing)");
      if (block) {
        if (event.ctrlKey || event.metaKey) this.try(() => { this.view.focus(block.dataset.id); this.commands.pick(); });
        else this.view.focus(block.dataset.id, { scroll: false });
      }
      const line = event.target.closest(".dk-line");
      const [id] = line ? this.view.holders.get(line.dataset.line) ?? [] : [];
      if (id) this.view.focus(id);
    });
    byId("desk").addEventListener("dblclick", (event) => {
      const block = event.target.closest(".dk-block:not(.is-editing)");
      if (block) this.try(() => this.editor.start(block.dataset.id));
    });
    byId("desk").addEventListener("change", (event) => {
      if (event.target.matches(".dk-kind")) this.try(() => this.commands.kind(event.target.dataset.key, event.target.value));
    });
    byId("desk").addEventListener("pointerover", (event) => {
      const block = event.target.closest(".dk-block");
      if (block) this.view.light(block.dataset.id);
      const line = event.target.closest(".dk-line");
      if (line) this.view.lightBlocks(line.dataset.line);
    });
    byId("desk").addEventListener("focusin", (event) => {
      const block = event.target.closest(".dk-block");
      if (block && block.dataset.id !== this.view.current) this.view.focus(block.dataset.id);
    });
    window.addEventListener("pagehide", () => this.store.keep());
    document.addEventListener("visibilitychange", () => this.store.keep());
    window.addEventListener("beforeunload", (event) => {
      this.editor.finish();
      this.store.keep();
      if (this.store.isDirty && this.store.isKept === false) event.preventDefault();
    });
  }

  press(name) {
    const acts = {
      save: () => this.save(), undo: () => this.commands.undo(), redo: () => this.commands.redo(),
      doubt: () => this.commands.doubt(), readings: () => this.showReadings(), claim: () => this.claim(), sign: () => this.toSigning(), help: () => this.help(),
    };
    acts[name]();
  }

  async help() {
    const act = await help();
    if (act) this.try(() => act(this));
  }

  async replace() {
    const hits = await replaceDialog(this.store.layout, this.fixed.protected);
    if (hits?.length) this.try(() => this.commands.act(`替换“${hits[0].old.slice(0, 10)}” ${hits.length} 处`, splices(hits)));
  }

  async punctuation() {
    const hits = await punctuationDialog(this.store.layout);
    if (hits?.length) this.try(() => this.commands.act(`改全角标点 ${hits.length} 处`, splices(hits)));
  }

  async separate() {
    await this.#propose("streams", this.commands.chosen(), "分开读串的段");
  }

  async readAgain(ids = this.commands.chosen()) {
    await this.#propose("read", ids, "机器重读");
  }

  // Who did what when; going back is a step like any other, on top of what is saved.
  async past() {
    if (!this.editor.finish()) return;
    const answer = await get(this.fixed.urls.past);
    if (!answer.ok) throw new Refusal(answer.reason);
    const moment = await pastDialog(answer.rows);
    if (!moment) return;
    if (this.store.isDirty) throw new Refusal("先保存或撤销现在的改动，再恢复。");
    const { layout, stamp } = this.store;
    const found = await post(this.fixed.urls.past, { base: stamp, moment });
    if (!found.ok) throw new Refusal(found.reason);
    const way = await waysDialog("恢复", found.ways, layout, this.view);
    if (way) this.try(() => this.commands.act("恢复到从前", way.ops, way.focus));
  }

  async jumps() {
    const { key, kind, facts } = this.commands.hereItem();
    if (kind !== "article") throw new Refusal("公告没有上接、下转。");
    const said = await jumpsDialog(facts);
    if (said) this.try(() => this.commands.facts(key, said, "改转版"));
  }

  // The server says how the blocks could lie; the editor looks at every way and takes one, or none.
  async #propose(how, ids, label) {
    if (!this.editor.finish()) return;
    this.say("正在请机器读…");
    byId("dk-status").textContent = "正在请机器读…";
    const { layout, stamp, pending } = this.store;
    const answer = await post(this.fixed.urls.ask, {
      base: stamp, steps: pending.map((step) => ({ label: step.label, ops: step.ops })), blocks: ids, how,
      after: this.editor.highest(),
    });
    this.status();
    if (!answer.ok) throw new Refusal(answer.reason);
    if (layout !== this.store.layout) throw new Refusal("这期间你改了别处：请再按一次。");
    const way = await waysDialog(label, answer.ways, layout, this.view);
    if (way) this.try(() => this.commands.act(label, way.ops, way.focus));
  }

  async moveTo() {
    this.commands.here();
    const place = await choosePlace(this.view);
    if (place) this.try(() => this.commands.to(place, `移到${this.view.nameOf(place)}`));
  }

  // From a block to its first source line and back.
  toSource() {
    const [first] = this.view.linesOf(this.commands.here().block);
    if (!first) throw new Refusal("这一段没有来源：是编辑录入的。");
    this.goLine(this.view.lines.get(first.key));
  }

  goLine(line) {
    line.focus();
    this.view.lightBlocks(line.dataset.line);
    this.say(`第 ${line.firstElementChild.textContent} 行：${line.children[1].textContent}`);
  }

  inSource(event) {
    const line = event.target.closest(".dk-line");
    const by = { ArrowUp: "previousElementSibling", k: "previousElementSibling", ArrowDown: "nextElementSibling", j: "nextElementSibling" }[event.key];
    if (line && by) {
      event.preventDefault();
      if (line[by]) this.goLine(line[by]);
      return true;
    }
    if (line && (event.key === "Enter" || event.key === "Escape")) {
      event.preventDefault();
      const [id] = this.view.holders.get(line.dataset.line) ?? [];
      this.view.focus(event.key === "Enter" && id ? id : this.view.current);
      return true;
    }
    return false;
  }

  // 校毕 is said of what is saved, so that is done first.
  async corrected() {
    this.commands.hereItem();
    await this.save();
    if (this.store.isDirty) return;
    const { key } = this.commands.hereItem();
    const form = new FormData();
    form.set("csrfmiddlewaretoken", document.querySelector("#desk [name=csrfmiddlewaretoken]").value);
    form.set("key", key);
    form.set("base", this.store.stamp);
    let response;
    try {
      response = await fetch(this.fixed.urls.corrected, { method: "POST", credentials: "same-origin", redirect: "manual", body: form });
    } catch {
      this.report("连不上服务器：没有记下校毕。");
      return;
    }
    const isOurs = response.headers.get("content-type")?.includes("json");
    const answer = isOurs ? await response.json() : null;
    if (!response.ok || !answer) {
      this.report(answer?.reason ?? "没有记下校毕：登录已过期，或服务器出错。");
      return;
    }
    this.store.state.items[key] = { ...this.store.state.items[key], is_corrected: true };
    this.view.drawn.delete(key);
    const { current } = this.view;
    this.view.draw();
    this.view.focus(current);
    this.say("已校毕");
  }

  // Another's page is taken over only after the question.
  async claim() {
    const held = this.presence?.held;
    if (!held) throw new Refusal("还没连上服务器，请稍等。");
    if (held.is_mine) await this.presence.claim("release");
    else if (!held.name) await this.presence.claim("claim");
    else if (await confirmDialog("接手这一版？", `${held.name}认领了这一版。接手之后，他会看到是你接手的；谁也不会丢字。`, "接手")) await this.presence.claim("take_over");
  }

  // Only once everything is saved: what was refused keeps the editor here.
  async leaveFor(name) {
    await this.save();
    if (!this.store.isDirty) location.assign(this.fixed.urls[name]);
  }

  // A signature is for what is saved; it is given on the screen where every stage and obstacle stands.
  async toSigning() {
    if (!this.fixed.urls.sign) throw new Refusal("这里不签审：你的角色不签审，或者这份报纸没有设签审级次。");
    await this.leaveFor("sign");
  }

  // The same key is sent until there is an answer: a save that arrived and whose answer was lost is not made twice.
  async save() {
    if (this.sending || !this.editor.finish()) return;
    if (!this.store.isDirty) {
      this.say("没有要保存的改动");
      return;
    }
    const steps = this.store.pending.map(({ label, ops }) => ({ label, ops }));
    const sent = JSON.stringify(steps) + this.store.stamp;
    if (this.attempt?.sent !== sent) {
      this.attempt = { sent, key: [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("") };
    }
    this.sending = steps;
    this.status();
    try {
      await this.send(steps, this.attempt.key);
    } finally {
      this.sending = null;
      this.status();
    }
  }

  async send(steps, key) {
    let response;
    let answer;
    try {
      response = await fetch(this.fixed.urls.save, {
        method: "POST", redirect: "manual", credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("#desk [name=csrfmiddlewaretoken]").value },
        body: JSON.stringify({ base: this.store.stamp, key, steps }),
      });
      answer = response.headers.get("content-type")?.includes("json") ? await response.json() : null;
    } catch {
      this.report("连不上服务器：没有保存，改动都存在本机。稍后再按 Ctrl+S。", { isLasting: true });
      return;
    }
    delete byId("dk-note").dataset.isLasting;
    if (response.ok && answer) {
      this.store.saved({ ...answer, state: this.state(answer.state) }, steps.length);
      this.say("已保存");
    } else if (response.status === 409) {
      const { base, layout, pending } = this.store;
      await mergeWith(this, this.state(answer.state), { base, mine: layout, steps: pending });
    } else if (answer?.reason) this.report(answer.reason);
    else if (response.type === "opaqueredirect" || response.status === 403) {
      this.report("登录已过期，或没有权限：没有保存，改动都存在本机。请在新窗口登录，回来刷新这一页再恢复。", { isLasting: true });
    } else this.report(`服务器出错（${response.status}）：没有保存，改动都存在本机。`, { isLasting: true });
  }
}

const root = byId("desk");
root.hidden = false;
const desk = new Desk(JSON.parse(byId("desk-state").textContent));
desk.begin().then(() => {
  desk.presence = new Presence(desk);
  root.dataset.isReady = "1";
});
