// The first page: one snapshot from /api/state, then events as they come over /api/live.
// Whatever a user named (cameras, automations, messages) goes in as text, never as HTML.

import { why } from "./traces.js";

const KEPT = 200; // events in the list
const PICTURE_EVERY = 500; // ms
const SILENCE = 25_000; // ms without a word from the hub (it beats every 10 s): it is gone
const RETRY = [500, 1000, 2000, 5000]; // ms

const $ = (id) => document.getElementById(id);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const hub = {
  up: false,
  cameras: new Map(), // name -> CameraCard
  states: new Map(), // entity -> state
  pictures: new Map(), // track -> the event that told of its latest picture
  events: new Map(), // sequence -> its list item
  actions: new Set(),
  skew: 0, // ms that the hub's clock is ahead of ours
};

// ---- words -------------------------------------------------------------------------------

// As the hub writes an object's label in an entity's name.
const entityWord = (label) => label.toLowerCase().replace(/[^a-z0-9]+/g, "_").slice(0, 48);
const score = (event) => (event.score === undefined ? "" : `, ${event.score.toFixed(2)}`);
const title = (camera) => hub.cameras.get(camera)?.title ?? camera;
const at = (event) => `(${title(event.camera)})`;

const severity = (event) => (event.severity === "alert" ? "Alert" : "Detection");
const named = (words) => words.join(", ") || "something";

// With a no-break space between the number and its unit.
function span(seconds) {
  if (seconds < 0.001) return "under 1\u00a0ms";
  if (seconds < 0.95) return `${Math.round(seconds * 1000)}\u00a0ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)}\u00a0s`;
  if (seconds < 90) return `${Math.round(seconds)}\u00a0s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)}\u00a0min`;
  if (seconds < 129_600) return `${Math.round(seconds / 3600)}\u00a0h`;
  return `${Math.round(seconds / 86_400)}\u00a0d`;
}

function ago(time) {
  const seconds = Math.max(0, (Date.now() + hub.skew - Date.parse(time)) / 1000);
  return seconds < 1 ? "just now" : `${span(Math.max(1, Math.floor(seconds)))} ago`.replace(".0\u00a0s", "\u00a0s");
}

function speed({ speed: metres }) {
  return metres == null ? "" : ` at ${metres.toFixed(1)}\u00a0m/s`;
}

const SENTENCES = {
  "zone.entered": (e) => `${e.object} entered ${e.zone} ${at(e)}${score(e)}`,
  "zone.left": (e) => `${e.object} left ${e.zone} ${at(e)} after ${span(e.seconds)}`,
  "zone.cleared": (e) => `${e.zone} ${at(e)} is empty again after ${span(e.seconds)}`,
  "zone.loitering": (e) => `${e.object} has been in ${e.zone} ${at(e)} for ${span(e.seconds)}`,
  "zone.crowded": (e) => `${e.zone} ${at(e)} is crowded: ${e.count} in it`,
  "zone.dispersed": (e) => `${e.zone} ${at(e)} is crowded no more after ${span(e.seconds)}`,
  "line.crossed": (e) => `${e.object} crossed ${e.line} ${e.direction === "in" ? "inwards" : "outwards"} ${at(e)}${speed(e)}`,
  "object.appeared": (e) => `${e.object} appeared ${at(e)}${score(e)}`,
  "object.left": (e) => `${e.object} went away ${at(e)} after ${span(e.seconds)}`,
  "object.stationary": (e) => `${e.object} has stood still ${at(e)} for ${span(e.seconds)}`,
  "object.moved": (e) => `${e.object} moves on ${at(e)} after ${span(e.seconds)}`,
  "object.attributed": (e) => `${e.by} says ${Object.entries(e.attributes).map((pair) => pair.join(" ")).join(", ")} ${at(e)}`,
  "review.started": (e) => `${severity(e)}: ${named(e.objects)} ${at(e)}`,
  "review.ended": (e) => `${severity(e)} over after ${span((Date.parse(e.ended) - Date.parse(e.started)) / 1000)}: ${named(e.objects)} ${at(e)}`,
  "motion.started": (e) => `Something moves ${at(e)}`,
  "motion.ended": (e) => `Still again ${at(e)} after ${span(e.seconds)}`,
  "camera.online": (e) => `${title(e.camera)} is online`,
  "camera.offline": (e) => `${title(e.camera)} is offline: ${e.reason}`,
  "automation.triggered": (e) => `${e.name} runs`,
  "automation.finished": (e) =>
    e.error ? `${e.name} ${e.result}: ${e.error}` : `${e.name} ${e.result} in ${span(e.seconds)}`,
  "notification.created": (e) => `Note: ${e.title || e.message}`,
  "plugin.changed": (e) => `The plugin ${e.plugin} is ${e.state}${e.reason ? `: ${e.reason}` : ""}`,
  "worker.started": (e) => `The ${e.worker} worker runs`,
  "worker.lost": (e) => `The ${e.worker} worker was lost: ${e.reason}`,
  "hub.started": () => "The hub has started",
  "hub.stopping": () => "The hub is about to stop",
  "event.fired": (e) => `Event ${e.name}`,
  "state.changed": (e) => `${e.entity} is ${e.new ? e.new.state : "gone"}`,
};
const BASE = new Set(["type", "sequence", "time", "source", "cause", "version"]);

function sentence(event) {
  const words = SENTENCES[event.type];
  if (words) return words(event);
  const own = Object.entries(event).filter(([key, value]) => !BASE.has(key) && typeof value !== "object");
  return [event.type, ...own.map(([key, value]) => `${key} ${value}`)].join(", ");
}

function kind(event) {
  const domain = event.type.split(".")[0];
  if (event.type === "camera.offline" || event.type === "worker.lost") return "trouble";
  if (event.error || ["failed", "rejected"].includes(event.state)) return "trouble";
  if (domain === "review") return event.severity === "alert" ? "motion" : "zone";
  return { zone: "zone", line: "zone", object: "zone", motion: "motion", camera: "camera", automation: "automation" }[domain] ?? "system";
}

function group(event) {
  const domain = event.type.split(".")[0];
  return { zone: "zone", line: "zone", object: "zone", review: "zone", motion: "camera", camera: "camera", automation: "automation" }[domain] ?? "system";
}

// ---- cameras -----------------------------------------------------------------------------

class CameraCard {
  constructor(camera) {
    this.name = camera.name;
    this.node = $("camera").content.cloneNode(true).firstElementChild;
    this.image = this.node.querySelector("img");
    this.overlay = this.node.querySelector(".overlay");
    this.visible = false;
    this.gone = false;
    this.trouble = "";
    this.watcher = new IntersectionObserver(([entry]) => (this.visible = entry.isIntersecting));
    this.watcher.observe(this.node);
    this.update(camera);
    this.run();
  }

  update(camera) {
    Object.assign(this, { title: camera.title, zones: camera.zones, objects: camera.objects });
    this.set(camera.state, camera.reason);
    this.node.querySelector("h3").textContent = this.title;
    this.image.alt = `What ${this.title} sees`;
    const map = this.node.querySelector(".map");
    map.href = `api/cameras/${encodeURIComponent(this.name)}/motion.jpg`;
    map.setAttribute("aria-label", `Where ${this.title} saw motion`);
    if (camera.width && camera.height) {
      // A portrait picture is shown in a square, so that its card is not three rows high.
      const wide = Math.max(camera.width, camera.height);
      this.node.querySelector(".picture").style.aspectRatio = `${wide} / ${camera.height}`;
    }
    this.chips();
  }

  set(state, reason) {
    Object.assign(this, { state, reason });
    const badge = this.node.querySelector(".badge");
    const words = { online: "online", offline: "offline" }[state] ?? "connecting";
    badge.textContent = words;
    badge.dataset.is = { online: "on", offline: "bad" }[state] ?? "";
    this.overlaid();
  }

  overlaid() {
    if (this.state === "offline") this.overlay.textContent = `Offline: ${this.reason || "no packets arrive"}`;
    else if (this.image.hidden || this.trouble) this.overlay.textContent = this.trouble || "Waiting for the first picture …";
    else this.overlay.textContent = "";
  }

  chips() {
    const on = (entity) => hub.states.get(entity)?.state === "on";
    const items = [];
    if (on(`binary_sensor.${this.name}_motion`)) items.push(["motion", "motion"]);
    if (hub.states.get(`camera.${this.name}`)?.attributes.shed) items.push(["trouble", "not looked at often enough"]);
    for (const zone of this.zones) {
      const counts = this.objects
        .map((object) => [object, Number(hub.states.get(`sensor.${this.name}_${zone}_${entityWord(object)}_count`)?.state)])
        .filter(([, count]) => count > 0)
        .map(([object, count]) => (count > 1 ? `${count} × ${object}` : `1 ${object}`));
      const occupied = counts.length > 0 || on(`binary_sensor.${this.name}_${zone}_occupied`);
      items.push([occupied ? "zone" : "", counts.length ? `${zone}: ${counts.join(", ")}` : zone]);
    }
    this.node.querySelector(".chips").replaceChildren(
      ...items.map(([is, words]) => {
        const item = document.createElement("li");
        item.textContent = words;
        if (is) item.dataset.on = is;
        return item;
      }),
    );
  }

  async run() {
    let tried = false; // a camera that is offline may still have a last picture
    while (!this.gone) {
      const started = performance.now();
      if (hub.up && this.visible && !document.hidden && (this.state !== "offline" || !tried)) {
        await this.refresh();
        tried = true;
      }
      await sleep(Math.max(50, PICTURE_EVERY - (performance.now() - started)));
    }
  }

  async refresh() {
    try {
      const path = `api/cameras/${encodeURIComponent(this.name)}/picture.jpg?boxes=1`;
      const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error((await answer.json()).error);
      await this.show(await answer.blob());
      this.trouble = "";
    } catch (error) {
      if (hub.up) this.trouble = error instanceof TypeError ? "" : error.message;
    }
    this.overlaid();
  }

  async show(picture) {
    const address = URL.createObjectURL(picture);
    const next = new Image();
    next.src = address;
    await next.decode();
    const old = this.image.src;
    this.image.src = address;
    this.image.hidden = false;
    if (old.startsWith("blob:")) URL.revokeObjectURL(old);
  }

  remove() {
    this.gone = true;
    this.watcher.disconnect();
    this.node.remove();
  }
}

function drawCameras(cameras) {
  const names = new Set(cameras.map((camera) => camera.name));
  for (const [name, card] of hub.cameras) {
    if (!names.has(name)) {
      card.remove();
      hub.cameras.delete(name);
    }
  }
  for (const camera of cameras) {
    const card = hub.cameras.get(camera.name);
    if (card) card.update(camera);
    else {
      const made = new CameraCard(camera);
      hub.cameras.set(camera.name, made);
      $("cameras").append(made.node);
    }
  }
  $("no-cameras").hidden = cameras.length > 0;
}

// ---- detectors ---------------------------------------------------------------------------

function drawDetectors() {
  const found = new Map(); // detector -> figure -> state
  for (const state of hub.states.values()) {
    const { detector, figure } = state.attributes;
    if (!detector || !figure) continue;
    if (!found.has(detector)) found.set(detector, {});
    found.get(detector)[figure] = state.state;
  }
  const rows = [...found].filter(([, each]) => each.load !== "unavailable").sort();
  $("detectors").replaceChildren(
    ...rows.map(([name, each]) => {
      const item = document.createElement("li");
      const dropped = Number(each.dropped) > 0 ? `, ${each.dropped} dropped` : "";
      item.textContent =
        `${name}: ${each.load}\u00a0% busy, ${each.inference_ms}\u00a0ms a look, ${each.queue_ms}\u00a0ms in the queue${dropped}`;
      if (Number(each.load) >= 95) item.dataset.is = "bad";
      return item;
    }),
  );
  $("detectors").hidden = rows.length === 0;
}

// ---- automations and notifications -------------------------------------------------------

const entities = (of) =>
  [...hub.states.values()].filter((state) => state.entity.startsWith(`${of}.`));

function drawAutomations() {
  const known = entities("automation").sort((a, b) => a.entity.localeCompare(b.entity));
  $("automations").replaceChildren(
    ...known.map((state) => {
      const node = $("automation").content.cloneNode(true).firstElementChild;
      node.querySelector(".name").textContent = state.attributes.friendly_name ?? state.entity;
      const badge = node.querySelector(".badge");
      badge.textContent = state.state;
      badge.dataset.is = { on: "on", unavailable: "bad" }[state.state] ?? "";
      const failed = state.attributes.last_error;
      node.querySelector(".failed").textContent = failed ? `The last run failed: ${failed}` : "";
      node.dataset.last = state.attributes.last_triggered ?? "";
      node.dataset.runs = state.attributes.runs ?? 0;
      node.dataset.current = state.attributes.current ?? 0;
      why(node.querySelector(".why"), state.entity);
      return node;
    }),
  );
  $("no-automations").hidden = known.length > 0;
  tick();
}

function runsOf({ last, runs, current }) {
  if (!last) return "has not run yet";
  const times = Number(runs) > 0 ? `${runs} ${Number(runs) === 1 ? "run" : "runs"}, ` : "";
  return Number(current) > 0 ? `${times}running now` : `${times}${ago(last)}`;
}

function tick() {
  for (const row of $("automations").children) row.querySelector(".runs").textContent = runsOf(row.dataset);
  for (const time of $("notifications").querySelectorAll("time")) time.textContent = ago(time.dateTime);
}

function drawNotifications() {
  const known = entities("persistent_notification").sort((a, b) => b.changed.localeCompare(a.changed));
  $("notifications").replaceChildren(
    ...known.map((state) => {
      const node = $("notification").content.cloneNode(true).firstElementChild;
      const heading = node.querySelector("h3");
      heading.textContent = state.attributes.title ?? "";
      heading.hidden = !heading.textContent;
      node.querySelector("p").textContent = state.attributes.message ?? "";
      node.querySelector("time").dateTime = state.attributes.created ?? state.changed;
      const button = node.querySelector("button");
      button.hidden = !hub.actions.has("persistent_notification.dismiss");
      button.onclick = () => dismiss(button, state.entity.slice("persistent_notification.".length));
      return node;
    }),
  );
  $("notifications").hidden = known.length === 0;
  tick();
}

async function dismiss(button, id) {
  button.disabled = true;
  const answer = await fetch("api/actions/persistent_notification.dismiss", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ notification_id: id }),
  }).catch(() => undefined);
  button.disabled = Boolean(answer?.ok); // its state's going removes it
}

// ---- events ------------------------------------------------------------------------------

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

function when(time) {
  const date = new Date(time);
  const today = date.toDateString() === new Date().toDateString();
  return today ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`;
}

function eventItem(event, fresh) {
  const node = $("event").content.cloneNode(true).firstElementChild;
  node.classList.toggle("new", fresh);
  node.dataset.group = group(event);
  node.dataset.sequence = event.sequence;
  node.hidden = isFiltered(node);
  node.querySelector(".dot").dataset.kind = kind(event);
  node.querySelector(".words").textContent = sentence(event);
  const time = node.querySelector("time");
  time.dateTime = event.time;
  time.textContent = when(event.time);
  const details = node.querySelector("details");
  details.addEventListener("toggle", () => {
    node.querySelector("code").textContent = JSON.stringify(event, null, 2);
  }, { once: true });
  return node;
}

// Told for the sake of others: pictures go to the row of what they show, the rest is detail.
const UNLISTED = new Set(["state.changed", "object.pictured", "review.updated"]);
// Rows that show a track's picture; of a review that of the first one that has some.
const PICTURED = { "object.appeared": (e) => [e.track], "review.started": (e) => e.tracks };

function addEvent(event, fresh) {
  if (event.type === "object.pictured") addPicture(event);
  if (UNLISTED.has(event.type) || hub.events.has(event.sequence)) return;
  const node = eventItem(event, fresh);
  node.dataset.tracks = (PICTURED[event.type]?.(event) ?? []).join(" ");
  drawPicture(node);
  const list = $("list");
  const before = [...list.children].find((other) => Number(other.dataset.sequence) < event.sequence);
  list.insertBefore(node, before ?? null);
  hub.events.set(event.sequence, node);
  while (list.children.length > KEPT) {
    hub.events.delete(Number(list.lastElementChild.dataset.sequence));
    list.lastElementChild.remove();
  }
  $("no-events").hidden = true;
}

function addPicture({ track, sequence }) {
  hub.pictures.delete(track);
  hub.pictures.set(track, sequence);
  if (hub.pictures.size > KEPT) hub.pictures.delete(hub.pictures.keys().next().value);
  for (const node of $("list").children) if (node.dataset.tracks.split(" ").includes(track)) drawPicture(node);
}

function drawPicture(node) {
  const image = node.querySelector(".thumb");
  const track = node.dataset.tracks.split(" ").find((name) => hub.pictures.has(name));
  if (!track) return;
  image.onerror = () => (image.hidden = true); // so old that it was let go
  image.onload = () => (image.hidden = false);
  image.src = `api/tracks/${encodeURIComponent(track)}/thumbnail.jpg?${hub.pictures.get(track)}`;
}

const isFiltered = (node) => $("filter").value !== "" && node.dataset.group !== $("filter").value;

$("filter").addEventListener("change", () => {
  for (const node of $("list").children) node.hidden = isFiltered(node);
});

// ---- the hub -----------------------------------------------------------------------------

function takeState({ entity, new: now }) {
  const known = hub.states.get(entity);
  if (now && known && now.updated < known.updated) return;
  if (now) hub.states.set(entity, now);
  else hub.states.delete(entity);
  const [domain, name] = entity.split(".", 2);
  if (domain === "automation") drawAutomations();
  else if (domain === "persistent_notification") drawNotifications();
  else if (domain === "camera" && now) {
    hub.cameras.get(name)?.set(now.state, now.attributes.reason ?? "");
    hub.cameras.get(name)?.chips();
  } else if ((now ?? known)?.attributes.figure) drawDetectors();
  else for (const card of hub.cameras.values()) if (name.startsWith(`${card.name}_`)) card.chips();
}

function take(event) {
  if (event.type === "live.beat") return;
  if (event.type === "live.dropped") load();
  else if (event.type === "state.changed") takeState(event);
  else addEvent(event, true);
}

let started = "";

async function load() {
  const answer = await fetch("api/state", { cache: "no-store" });
  if (!answer.ok) throw new Error(`the hub answered ${answer.status}`);
  const state = await answer.json();
  if (started && started !== state.started) {
    hub.events.clear(); // another run of the hub; its journal tells what was
    $("list").replaceChildren();
  }
  started = state.started;
  hub.skew = Date.parse(state.now) - Date.now();
  hub.states = new Map(Object.entries(state.states));
  hub.actions = new Set(state.actions);
  drawCameras(state.cameras);
  drawDetectors();
  drawAutomations();
  drawNotifications();
  for (const event of state.events) addEvent(event, false);
  $("no-events").hidden = $("list").children.length > 0;
  $("main").ariaBusy = "false";
  linked(state.version);
}

function linked(version) {
  hub.up = true;
  $("banner").hidden = true;
  $("link").dataset.link = "up";
  $("link").textContent = `Connected · ${version}`;
}

function lost() {
  hub.up = false;
  $("link").dataset.link = "lost";
  $("link").textContent = "Connection lost";
  $("banner").textContent = "The hub does not answer. What you see is the last that was known; this page reconnects by itself.";
  $("banner").hidden = false;
}

function connect() {
  return new Promise((ended) => {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/live`);
    let waiting = []; // what comes before the snapshot it belongs after
    let silence = setTimeout(() => socket.close(), SILENCE);
    socket.onopen = () =>
      load()
        .then(() => {
          const held = waiting;
          waiting = null;
          held.forEach(take);
        })
        .catch(() => socket.close());
    socket.onmessage = ({ data }) => {
      clearTimeout(silence);
      silence = setTimeout(() => socket.close(), SILENCE);
      const event = JSON.parse(data);
      if (waiting) waiting.push(event);
      else take(event);
    };
    socket.onclose = () => {
      clearTimeout(silence);
      ended(waiting === null);
    };
  });
}

async function stayConnected() {
  for (let tries = 0; ; tries += 1) {
    const worked = await connect();
    if (worked) tries = 0;
    lost();
    await sleep(RETRY[Math.min(tries, RETRY.length - 1)]);
  }
}

setInterval(tick, 1000);
stayConnected();
