// Questions to the server. What takes longer than 300 ms shows that it is busy; what goes wrong is said.
import { $, h } from "./dom.js";

const PATIENCE = 300;
const STAYS = 7000;
let working = 0;

export async function ask(question, said = {}) {
  let shown = false;
  const late = setTimeout(() => {
    shown = true;
    busy(1);
  }, PATIENCE);
  try {
    const body = JSON.stringify(said);
    const reply = await fetch(`/api/${question}`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(answer.error);
    return answer;
  } catch (error) {
    throw error instanceof TypeError ? new Error("the server does not answer; was it ended? Start `likeness explore` again") : error;
  } finally {
    clearTimeout(late);
    if (shown) busy(-1);
  }
}

function busy(change) {
  working += change;
  $("#busy").hidden = working === 0;
  $("main").setAttribute("aria-busy", working > 0);
}

// One question at a time, of which only the newest that waits is asked: a slider never queues.
export class Latest {
  constructor(question, hear) {
    Object.assign(this, { question, hear, asking: false, next: null, forgotten: 0 });
  }

  async ask(said) {
    this.next = said;
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.next) {
        const now = this.next;
        this.next = null;
        const before = this.forgotten;
        const answer = await ask(this.question, now);
        if (before === this.forgotten) this.hear(answer, now);
      }
    } catch (error) {
      wrong(error);
    } finally {
      this.asking = false;
    }
  }

  // What was asked is no longer wanted, not even an answer that is on its way.
  forget() {
    this.next = null;
    this.forgotten += 1;
  }
}

export function notice(text, kind = "") {
  const known = [...$("#notices").children].find((old) => old.textContent === text);
  if (known) return;
  const note = h(`div.notice${kind && "." + kind}`, {}, text);
  $("#notices").append(note);
  setTimeout(() => note.remove(), STAYS);
}

export const wrong = (error) => notice(error.message, "wrong");

// Do something that may fail, and say why if it does.
export const trying = (work) => async (...given) => {
  try {
    return await work(...given);
  } catch (error) {
    wrong(error);
  }
};
