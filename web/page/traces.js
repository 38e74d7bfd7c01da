// Why an automation ran, and why not: its newest runs and near misses, asked for when opened.

const SHOWN = 5;
const opened = new Set(); // entities, so that drawing the list anew closes none

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });

// Conditions that decided, without the and, or, not around them.
function leaves(finding) {
  return finding.parts?.length ? finding.parts.flatMap(leaves) : [finding];
}

function reasons(trace) {
  if (trace.error) return trace.error;
  if (!trace.conditions) return `because of ${trace.trigger}`;
  const failed = leaves(trace.conditions).filter((each) => !each.result);
  return `${trace.trigger}, but ${failed.map((each) => each.error || each.words).join("; ")}`;
}

const times = (trace) => (trace.count > 1 ? `, ${trace.count} times` : "");

function line(trace) {
  const item = document.createElement("li");
  item.dataset.result = trace.result;
  const time = document.createElement("time");
  time.dateTime = trace.last ?? trace.time;
  time.textContent = clock.format(new Date(time.dateTime));
  const result = document.createElement("strong");
  result.textContent = (trace.kind === "miss" ? "did not run" : trace.result) + times(trace);
  const why = document.createElement("span");
  why.textContent = reasons(trace);
  item.append(time, result, why);
  return item;
}

async function fill(details, entity) {
  const list = details.querySelector("ol");
  try {
    const answer = await fetch(`api/traces?limit=${SHOWN}&automation=${encodeURIComponent(entity)}`);
    if (!answer.ok) throw new Error(`the hub answered ${answer.status}`);
    const { traces } = await answer.json();
    list.replaceChildren(...traces.map(line));
    details.querySelector("p").hidden = traces.length > 0;
  } catch (error) {
    list.replaceChildren();
    details.querySelector("p").textContent = `This cannot be told just now: ${error.message}.`;
    details.querySelector("p").hidden = false;
  }
}

export function why(details, entity) {
  details.open = opened.has(entity);
  if (details.open) fill(details, entity);
  details.addEventListener("toggle", () => {
    if (details.open === opened.has(entity)) return;
    if (details.open) {
      opened.add(entity);
      fill(details, entity);
    } else opened.delete(entity);
  });
}
