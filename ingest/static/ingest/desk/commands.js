// What keys, buttons and drags call. Each looks at the focused block (or the picked ones) and does one undoable step.

import { ROLE_NAMES, ROLES, Refusal, blocksIn, find, isTray, itemOf, placeOf } from "./core.js";
import { fixOf } from "./replacing.js";
import * as steps from "./steps.js";

export class Commands {
  constructor(store, view, say) {
    Object.assign(this, { store, view, say });
  }

  get layout() {
    return this.store.layout;
  }

  // The focused block, wherever it stands.
  here() {
    if (!this.view.current) throw new Refusal("先用 ↑ ↓ 选一段。");
    return find(this.layout, this.view.current);
  }

  hereItem() {
    const { place } = this.here();
    if (isTray(place)) throw new Refusal("这段文字不在任何一条里。");
    return itemOf(this.layout, place);
  }

  // The picked blocks in the order of the page, or the focused one.
  chosen() {
    const picked = this.view.picked;
    if (!picked.size) return [this.here().block.id];
    const order = [...document.querySelectorAll(".dk-block")].map((node) => node.dataset.id);
    return order.filter((id) => picked.has(id));
  }

  act(label, ops, focus) {
    const id = focus ?? this.view.current;
    this.store.act(label, ops, id);
    this.view.picked.clear();
    this.view.mark();
    this.say(label);
  }

  // Moving about

  step(by) {
    const order = this.view.order();
    const at = order.indexOf(this.view.current);
    const id = order[at < 0 ? 0 : Math.min(Math.max(at + by, 0), order.length - 1)];
    if (id) this.view.focus(id);
  }

  stepItem(by) {
    const keys = [...document.querySelectorAll("#dk-items .dk-item, #dk-trays details")].filter((node) => node.querySelector(".dk-block"));
    const at = keys.findIndex((node) => node.contains(this.view.node(this.view.current)));
    const node = keys[Math.min(Math.max(at + by, 0), keys.length - 1)];
    const id = node?.querySelector(".dk-block")?.dataset.id;
    if (id) this.view.focus(id);
  }

  pick() {
    const { block } = this.here();
    if (!this.view.picked.delete(block.id)) this.view.picked.add(block.id);
    this.view.mark();
    this.say(this.view.picked.has(block.id) ? `选中，共 ${this.view.picked.size} 段` : "取消选中");
    if (this.view.picked.has(block.id)) this.step(1);
  }

  unpick() {
    this.view.picked.clear();
    this.view.mark();
    this.say("全部取消选中");
  }

  // Findings, and what the machine was unsure of where nobody has read the item to the end.
  doubt() {
    const unread = ":not(.is-corrected) > .dk-blocks > .dk-block";
    const marked = [...document.querySelectorAll(`.dk-block.has-doubt, ${unread}.is-unsure, .dk-item.is-unsure${unread}:first-child`)].map((node) => node.dataset.id);
    if (!marked.length) throw new Refusal("没有疑点了。");
    const all = [...document.querySelectorAll(".dk-block")].map((node) => node.dataset.id);
    const at = all.indexOf(this.view.current);
    this.view.focus(marked.find((id) => all.indexOf(id) > at) ?? marked[0]);
  }

  settle(state) {
    const doubts = this.view.doubts.get(this.here().block.id);
    if (!doubts) throw new Refusal("这一段没有待处理的疑点。");
    this.settleOne(doubts[0].id, state);
  }

  settleOne(id, state) {
    const label = { accepted: "采纳疑点", dismissed: "排除疑点", open: "重新打开疑点" }[state];
    this.act(label, [{ op: "Settle", finding: id, old: this.layout.findings[id], new: state }]);
  }

  adopt() {
    const [finding] = this.view.doubts.get(this.here().block.id) ?? [];
    if (!finding) throw new Refusal("这一段没有待处理的疑点。");
    const settle = { op: "Settle", finding: finding.id, old: "open", new: "accepted" };
    this.act("照建议改", [fixOf(this.layout, finding), settle]);
  }

  // Blocks

  join(withNext) {
    const { ops, focus } = steps.joinBlocks(this.layout, this.here().block.id, withNext);
    this.act("接段", ops, focus);
  }

  role(number) {
    const { place, index, block } = this.here();
    if (isTray(place)) throw new Refusal("先放进一条里，再定角色。");
    const kind = itemOf(this.layout, place).kind;
    const wanted = kind === "notice" && number === "headline" ? "heading" : number;
    if (!ROLES[kind].includes(wanted)) throw new Refusal(`公告里没有“${ROLE_NAMES[wanted]}”。`);
    if (block.role === wanted) throw new Refusal(`已经是${ROLE_NAMES[wanted]}了。`);
    const ops = [];
    // One title at a time: the former one makes room.
    const former = blocksIn(this.layout, place).find((each) => each.role === wanted);
    const isSingle = !["deck", "paragraph", "subhead", "caption"].includes(wanted);
    if (former && isSingle) {
      const other = wanted === "headline" ? "deck" : "paragraph";
      ops.push({ op: "Move", block: former.id, place, index: blocksIn(this.layout, place).indexOf(former), role: other });
    }
    ops.push({ op: "Move", block: block.id, place, index, role: wanted });
    this.act(`定为${ROLE_NAMES[wanted]}`, ops);
  }

  // One place up or down; past the end of an item into its neighbour.
  nudge(by) {
    const { place, index, block } = this.here();
    const blocks = blocksIn(this.layout, place);
    const [op] = [{ op: "Move", block: block.id, place, index: index + by, role: block.role }];
    const neighbour = blocks[index + by];
    if (neighbour && (isTray(place) || sameZone(neighbour.role, block.role))) {
      this.act(by < 0 ? "上移" : "下移", [op]);
      return;
    }
    const items = this.layout.items;
    const at = isTray(place) ? items.length : placeOf(this.layout, place);
    const next = items[at + by];
    if (!next) throw new Refusal("已经到头了。");
    this.act(`移到第 ${at + by + 1} 条`, steps.moveBlocks(this.layout, [block.id], next.key, by < 0 ? next.blocks.length : 0));
  }

  to(place, label) {
    const ids = this.chosen();
    this.act(label, steps.moveBlocks(this.layout, ids, place, blocksIn(this.layout, place).length), this.#after(ids));
  }

  // Where to look once these are gone: what stood after them.
  #after(ids) {
    const order = this.view.order();
    const last = Math.max(...ids.map((id) => order.indexOf(id)));
    return order.slice(last + 1).find((id) => !ids.includes(id)) ?? order.findLast((id) => !ids.includes(id));
  }

  // The picked blocks to right after (or before) the focused one.
  fetch(before) {
    const picked = this.chosen().filter((id) => id !== this.view.current);
    if (!this.view.picked.size || !picked.length) throw new Refusal("先按 x 选中要移的段，再走到要放的地方按 v。");
    const { place, block } = this.here();
    const rest = blocksIn(this.layout, place).filter((each) => !picked.includes(each.id));
    const index = rest.indexOf(block) + (before ? 0 : 1);
    this.act(`移来 ${picked.length} 段`, steps.moveBlocks(this.layout, picked, place, index), picked[0]);
  }

  drop(id, place, index) {
    const ids = this.view.picked.has(id) ? this.chosen() : [id];
    this.act(`移到${this.view.nameOf(place)}`, steps.moveBlocks(this.layout, ids, place, index), id);
  }

  // Items

  make(kind) {
    const ids = this.chosen();
    const { place } = this.here();
    const index = isTray(place) ? this.layout.items.length : placeOf(this.layout, place) + 1;
    this.#mayAdd(kind);
    this.act(kind === "article" ? "新建稿件" : "新建公告", steps.newItem(this.layout, steps.freshKey(), kind, index, ids), ids[0]);
  }

  #mayAdd(kind) {
    if (!this.store.state.may_add[kind]) throw new Refusal("你的角色不能新建条目：请编辑来做。");
  }

  splitItem() {
    const item = this.hereItem();
    this.#mayAdd(item.kind);
    this.act("从这里分成两条", steps.splitItem(this.layout, item.key, this.view.current, steps.freshKey()));
  }

  merge(by) {
    const item = this.hereItem();
    const other = this.layout.items[placeOf(this.layout, item.key) + by];
    if (!other) throw new Refusal(by < 0 ? "前面没有条目。" : "后面没有条目。");
    const [first, second] = by < 0 ? [other, item] : [item, other];
    // A published one keeps its address: the other goes into it.
    const ops = second.is_bound && !first.is_bound ? steps.mergeItems(this.layout, second.key, first.key)
      : steps.mergeItems(this.layout, first.key, second.key);
    this.act("合并两条", ops);
  }

  dissolve() {
    const item = this.hereItem();
    this.act("拆散一条", steps.dissolveItem(this.layout, item.key), item.blocks[0]?.id);
  }

  convert() {
    const item = this.hereItem();
    this.#mayAdd(item.kind === "article" ? "notice" : "article");
    this.act(item.kind === "article" ? "改为公告" : "改为稿件", steps.convertItem(this.layout, item.key, steps.freshKey()));
  }

  placeItem(by) {
    const item = this.hereItem();
    this.placeItemAt(item.key, placeOf(this.layout, item.key) + by);
  }

  placeItemAt(key, index) {
    if (index < 0 || index >= this.layout.items.length || index === placeOf(this.layout, key)) return;
    this.act("调整条目次序", [{ op: "PlaceItem", key, index }]);
  }

  kind(key, kind) {
    const item = itemOf(this.layout, key);
    this.act(`类别改为${kind}`, [{ op: "SetFact", key, name: "kind", old: item.facts.kind, new: kind }]);
  }

  // Those of the item's facts that are said otherwise now.
  facts(key, said, label) {
    const { facts } = itemOf(this.layout, key);
    const changed = Object.entries(said).filter(([name, value]) => facts[name] !== value);
    if (!changed.length) throw new Refusal("没有改动。");
    this.act(label, changed.map(([name, value]) => ({ op: "SetFact", key, name, old: facts[name], new: value })));
  }

  undo() {
    this.say(`已撤销：${this.store.undo()}`);
  }

  redo() {
    this.say(`已重做：${this.store.redo()}`);
  }
}

const ZONES = { paragraph: "body", subhead: "body" };
const sameZone = (one, other) => (ZONES[one] ?? one) === (ZONES[other] ?? other);
