// Who else has the page open. Every 20 seconds while the tab is seen; the server forgets tabs that fall silent.

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

  show({ others, version }) {
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
