// The state of the desk in this browser: the layout as it is now, what has not been saved yet, undo and redo. After
// every change it is kept in localStorage; the server knows nothing of it until it is saved.

import { ROLE_NAMES, Refusal, applyAll, containers } from "./core.js";

const DAYS = 14;

export class Store {
  constructor(state, { onChange }) {
    this.onChange = onChange;
    this.key = `desk:${state.user}:${state.page}`;
    this.take(state);
    this.pending = []; // steps since the last save: {label, ops}
    this.done = []; // {label, ops, inverses}: the newest last
    this.undone = [];
  }

  // What the server says is there.
  take(state) {
    this.state = state;
    this.stamp = state.stamp;
    this.base = state.layout;
    this.layout = state.layout;
  }

  get isDirty() {
    return this.pending.length > 0;
  }

  // Raises a Refusal; then nothing has changed.
  act(label, ops, focus) {
    if (!ops.length) return false;
    const [layout, inverses] = applyAll(this.layout, ops);
    this.layout = layout;
    this.pending.push({ label, ops });
    this.done.push({ label, ops, inverses });
    this.undone = [];
    this.#changed(focus);
    return true;
  }

  undo() {
    const step = this.done.at(-1);
    if (!step) throw new Refusal("没有可以撤销的了。");
    const [layout] = applyAll(this.layout, step.inverses);
    this.layout = layout;
    this.done.pop();
    this.undone.push(step);
    // What has been saved is undone by an operation of its own; what has not simply goes.
    if (this.pending.at(-1)?.ops === step.ops) this.pending.pop();
    else this.pending.push({ label: `撤销${step.label}`, ops: step.inverses });
    this.#changed(touched(step));
    return step.label;
  }

  redo() {
    const step = this.undone.at(-1);
    if (!step) throw new Refusal("没有可以重做的了。");
    const [layout, inverses] = applyAll(this.layout, step.ops);
    this.layout = layout;
    this.undone.pop();
    this.done.push({ ...step, inverses });
    if (this.pending.at(-1)?.ops === step.inverses) this.pending.pop();
    else this.pending.push({ label: step.label, ops: step.ops });
    this.#changed(touched(step));
    return step.label;
  }

  // The server has taken `count` steps; what was done meanwhile stays to be saved.
  saved(answer, count) {
    const rename = (value) => {
      let text = JSON.stringify(value);
      for (const [from, to] of Object.entries(answer.renames)) text = text.replaceAll(JSON.stringify(from), JSON.stringify(to));
      return JSON.parse(text);
    };
    const rest = rename(this.pending.slice(count));
    this.done = rename(this.done);
    this.undone = rename(this.undone);
    this.pending = [];
    this.take(answer.state);
    for (const step of rest) {
      const [layout] = applyAll(this.layout, step.ops);
      this.layout = layout;
      this.pending.push(step);
    }
    this.#rejoin();
    this.#changed();
  }

  // A step in `pending` and the same in `done` are one object, so that undo can tell what has not been saved.
  #rejoin() {
    for (let n = 1; n <= Math.min(this.pending.length, this.done.length); n += 1) {
      const [waiting, known] = [this.pending.at(-n), this.done.at(-n)];
      if (JSON.stringify(waiting.ops) !== JSON.stringify(known.ops)) break;
      waiting.ops = known.ops;
    }
  }

  // Steps made on another base, put on top of what the server has now. Returns those that do not apply, with reasons.
  rebase(state, steps) {
    const refused = [];
    this.take(state);
    this.pending = [];
    this.done = [];
    this.undone = [];
    for (const step of steps) {
      try {
        const [layout, inverses] = applyAll(this.layout, step.ops);
        this.layout = layout;
        this.pending.push(step);
        this.done.push({ ...step, inverses });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push({ ...step, reason: error.message });
      }
    }
    this.#changed();
    return refused;
  }

  #changed(focus) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), 100); // and when the page is left: see main.js
    this.onChange(focus);
  }

  keep() {
    clearTimeout(this.timer);
    const { stamp, base, pending, done, undone, layout } = this;
    const after = pending.length ? layout : null;
    try {
      if (!pending.length && !done.length && !undone.length) localStorage.removeItem(this.key);
      else {
        const kept = { at: Date.now(), stamp, base: pending.length ? base : null, after, pending, done, undone };
        localStorage.setItem(this.key, JSON.stringify(kept));
      }
      this.isKept = true;
    } catch {
      this.isKept = false; // full or forbidden: the screen says so
    }
  }

  // What an earlier visit left: unsaved steps to be offered, or undo for what was saved.
  left() {
    let kept;
    try {
      Store.#tidy();
      kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      return null;
    }
    return kept?.pending ? kept : null;
  }

  // Pages hold names and numbers of people: drafts do not stay in a browser for ever.
  static #tidy() {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith("desk:")) continue;
      const at = JSON.parse(localStorage.getItem(key) ?? "null")?.at ?? 0;
      if (Date.now() - at > DAYS * 86400e3) localStorage.removeItem(key);
    }
  }

  restore(kept) {
    this.pending = kept.pending;
    this.done = kept.done;
    this.undone = kept.undone;
    this.layout = kept.pending.length ? kept.after : this.base;
    this.#rejoin();
    this.#changed();
  }

  forget() {
    this.pending = [];
    this.done = [];
    this.undone = [];
    this.layout = this.base;
    this.#changed();
  }
}

// The first block that a step is about: where to look after undoing it.
function touched(step) {
  const op = step.ops.find((each) => each.block || each.first);
  return op?.block ?? op?.first;
}

// What differs between two layouts, block by block: texts, and where they stand.
export function differences(one, other, nameOf) {
  const spread = (layout) => {
    const found = new Map();
    for (const [place, blocks] of containers(layout)) {
      blocks.forEach((block, index) => found.set(block.id, { place, index, ...block }));
    }
    return found;
  };
  const [before, after] = [spread(one), spread(other)];
  const changes = [];
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const [was, now] = [before.get(id), after.get(id)];
    if (!was || !now) changes.push({ id, old: was?.text ?? "", new: now?.text ?? "", note: was ? "并入或移出" : "新的一段" });
    else if (was.text !== now.text || was.place !== now.place || was.role !== now.role) {
      const notes = [];
      if (was.place !== now.place) notes.push(`${nameOf(was.place, one)} → ${nameOf(now.place, other)}`);
      if (was.role !== now.role && ![was.role, now.role].includes("text")) notes.push(`${ROLE_NAMES[was.role]} → ${ROLE_NAMES[now.role]}`);
      changes.push({ id, old: was.text, new: now.text, note: notes.join("，") });
    }
  }
  return changes;
}
