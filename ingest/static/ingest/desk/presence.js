// Who else has the page open. Every 20 seconds while the tab is seen; the server forgets tabs that fall silent.

import { Refusal } from "./core.js";
import { byId } from "./dom.js";

const PAUSE = 20000;
const STATES = { typing: "正在改", here: "也开着这一版", idle: "开着，十分钟没有动" };

// The same after a reload, so that nobody meets himself.
function tabName() {
  const made = [...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16).padStart(2, "0")).join("");
  try {
    const name = sessionStorage.getItem("desk-tab") ?? made;
    sessionStorage.setItem("desk-tab", name);
    return name;
  } catch {
    return made;
  }
}

export class Presence {
  constructor(desk) {
    this.desk = desk;
    this.tab = tabName();
    this.acted = false;
    this.said = "";
    setInterval(() => this.tell(), PAUSE);
    document.addEventListener("visibilitychange", () => this.tell());
    window.addEventListener("pagehide", () => navigator.sendBeacon(this.desk.fixed.urls.presence, this.#form({ leaving: "1" })));
    this.tell();
  }

  #form(values) {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", document.querySelector("#desk [name=csrfmiddlewaretoken]").value);
    form.set("tab", this.tab);
    for (const [name, value] of Object.entries(values)) form.set(name, value);
    return form;
  }

  async tell() {
    if (document.visibilityState !== "visible") return;
    const acted = this.acted || this.desk.editor.open;
    this.acted = false;
    try {
      const response = await fetch(this.desk.fixed.urls.presence, {
        method: "POST", credentials: "same-origin", redirect: "manual", body: this.#form(acted ? { acted: "1" } : {}),
      });
      if (response.ok) this.show(await response.json());
    } catch {
      // Offline: saving says so, this need not.
    }
  }

  // Take the page on or give it back: `act` is claim, take_over or release.
  async claim(act) {
    const form = this.#form({ act });
    let answer = null;
    try {
      const response = await fetch(this.desk.fixed.urls.claim, { method: "POST", credentials: "same-origin", redirect: "manual", body: form });
      answer = response.headers.get("content-type")?.includes("json") ? await response.json() : null;
    } catch {
      // said below
    }
    if (!answer?.claim) throw new Refusal(answer?.reason ?? "连不上服务器：没有记下认领。");
    this.#showClaim(answer.claim);
    if (answer.reason) throw new Refusal(answer.reason);
    this.desk.say({ claim: "认领了这一版", take_over: "接手了这一版", release: "放回了这一版" }[act]);
  }

  #showClaim(claim) {
    const former = this.held;
    this.held = claim;
    const button = byId("dk-claim");
    button.firstChild.textContent = claim.is_mine ? "已认领，放回 " : claim.name ? `${claim.name}认领了，接手 ` : "认领 ";
    button.setAttribute("aria-pressed", String(claim.is_mine));
    if (claim.is_taken_from_me && !former?.is_taken_from_me) this.desk.report(`${claim.name}接手了这一版。你没保存的改动还在，保存时会对照。`, { isLasting: true });
  }

  show({ others, version, claim }) {
    this.#showClaim(claim);
    const words = others.map(({ name, state }) => `${name}${STATES[state]}`);
    if (String(version) !== this.desk.store.stamp.split("-")[0]) words.push("别人刚保存过这一版，你保存时会对照");
    const said = words.join("；");
    const place = byId("dk-others");
    place.hidden = !said;
    place.textContent = said;
    if (said && said !== this.said) this.desk.say(said);
    this.said = said;
  }
}
