// Reads the link's token from behind the # of the address, shows what it opens, and signs on request.
// The token is kept in memory only, and goes to the API of this origin only.
"use strict";

const texts = {
  nl: {
    title: "Stageovereenkomst ondertekenen",
    other: "English",
    loading: "De overeenkomst wordt opgehaald…",
    signing: "Je handtekening wordt gezet…",
    terms: "Dit onderteken je",
    labels: {
      school: "School",
      practice: "Praktijk",
      region: "Regio",
      qualification: "Opleiding",
      learningPath: "Leerweg",
      period: "Periode",
      hoursPerWeek: "Uren per week",
      totalHours: "Uren in totaal",
      sheetNumber: "Blad",
    },
    period: (from, until) => `${from} tot en met ${until}`,
    paths: {
      bol: "BOL", bbl: "BBL", "third-path": "derde leerweg", "full-time": "voltijd", "part-time": "deeltijd", dual: "duaal",
    },
    explanation: "Door te ondertekenen ga je de praktijkovereenkomst aan met je school en de praktijk. Klopt er iets niet? Onderteken dan niet en vraag het je school.",
    read: "Ik heb dit gelezen en het klopt.",
    sign: "Ondertekenen",
    signed: (day) => `Ondertekend op ${day}. Je kunt deze pagina sluiten.`,

    noToken: ["Er ontbreekt iets aan dit adres", "Open de link in je mail. Werkt dat niet, kopieer dan het hele adres uit de mail."],
    away: ["Dit lukt nu niet", "Er is geen verbinding met Stagepunt. Probeer het straks opnieuw."],
    dead: ["Deze link werkt niet meer", "De link is gebruikt, verlopen of ingetrokken. Heb je al ondertekend, dan is het klaar. Vraag anders je school om een nieuwe link."],
    school: "Open de link in je mail opnieuw, of vraag het je school.",
  },
  en: {
    title: "Sign your internship agreement",
    other: "Nederlands",
    loading: "Fetching the agreement…",
    signing: "Signing…",
    terms: "This is what you sign",
    labels: {
      school: "School",
      practice: "Practice",
      region: "Region",
      qualification: "Programme",
      learningPath: "Learning path",
      period: "Period",
      hoursPerWeek: "Hours a week",
      totalHours: "Hours in total",
      sheetNumber: "Sheet",
    },
    period: (from, until) => `${from} up to and including ${until}`,
    paths: {
      bol: "school-based (BOL)", bbl: "work-based (BBL)", "third-path": "third path", "full-time": "full-time",
      "part-time": "part-time", dual: "dual",
    },
    explanation: "By signing you enter into the internship agreement (praktijkovereenkomst) with your school and the practice. Is anything wrong? Then do not sign, and ask your school.",
    read: "I have read this and it is right.",
    sign: "Sign",
    signed: (day) => `Signed on ${day}. You can close this page.`,

    noToken: ["Something is missing in this address", "Open the link in your mail. If that does not work, copy the whole address from the mail."],
    away: ["This does not work now", "There is no connection with Stagepunt. Try again later."],
    dead: ["This link no longer works", "The link was used, has expired or was revoked. If you have signed already, you are done. Otherwise ask your school for a new link."],
    school: "Open the link in your mail again, or ask your school.",
  },
};

const at = (id) => document.getElementById(id);
const state = { language: "nl", token: null, agreement: null, status: null, problem: null };

function takeToken() {
  const token = window.location.hash.slice(1);
  // Neither the history nor somebody who looks on keeps it.
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  return /^[A-Za-z0-9_-]{20,100}$/.test(token) ? token : null;
}

function day(text) {
  const [year, month, date] = text.split("-").map(Number);
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(state.language === "nl" ? "nl-NL" : "en-GB", options)
    .format(new Date(Date.UTC(year, month - 1, date)));
}

function showTerms(agreement, words) {
  const rows = [
    ["school", agreement.school.name],
    ["practice", agreement.practice.name],
    ["region", agreement.region.name],
    ["qualification", agreement.qualification.name],
    ["learningPath", words.paths[agreement.learningPath] ?? agreement.learningPath],
    ["period", words.period(day(agreement.startsOn), day(agreement.endsOn))],
    ["hoursPerWeek", agreement.hoursPerWeek],
    ["totalHours", agreement.totalHours],
    ["sheetNumber", agreement.sheetNumber],
  ];
  at("terms").replaceChildren(...rows.filter(([, value]) => value !== null && value !== undefined).flatMap(([key, value]) => {
    const [term, description] = [document.createElement("dt"), document.createElement("dd")];
    term.textContent = words.labels[key];
    description.textContent = String(value);
    return [term, description];
  }));
}

function show() {
  const words = texts[state.language];
  const { agreement, problem } = state;
  document.documentElement.lang = state.language;
  document.title = words.title;
  at("title").textContent = words.title;
  at("language").textContent = words.other;
  at("language").lang = state.language === "nl" ? "en" : "nl";
  const signed = agreement !== null && agreement.signedOn !== null;
  at("status").textContent = signed ? words.signed(day(agreement.signedOn)) : (words[state.status] ?? "");
  at("agreement").hidden = agreement === null;
  at("form").hidden = signed;
  if (agreement !== null) {
    at("terms-title").textContent = words.terms;
    at("explanation").textContent = words.explanation;
    at("read-label").textContent = words.read;
    at("sign").textContent = words.sign;
    showTerms(agreement, words);
  }
  at("sign").disabled = state.status === "signing";
  at("problem").hidden = problem === null;
  if (problem !== null) {
    const told = problem.kind === "api" ? [problem.title, problem.detail ?? ""] : words[problem.kind];
    at("problem-title").textContent = told[0];
    at("problem-detail").textContent = told[1];
    at("problem-advice").textContent = problem.kind === "api" ? words.school : "";
  }
}

async function call(method, path, body) {
  const headers = { Authorization: `Link ${state.token}`, Accept: "application/json", "Accept-Language": state.language };
  const request = { method, headers, cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" };
  if (body) {
    headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  const answer = await fetch(path, request);
  const told = await answer.json();
  if (!answer.ok) {
    // What the API says of a link that does not work speaks to programs, of tokens.
    throw answer.status === 401 ? { kind: "dead" } : { kind: "api", title: told.title, detail: told.detail };
  }
  return told;
}

async function run(status, work) {
  state.status = status;
  state.problem = null;
  show();
  try {
    state.agreement = await work();
  } catch (failure) {
    state.problem = failure.kind ? failure : { kind: "away" };
    if (failure.kind === "dead") {
      state.token = null;
      state.agreement = null;
    }
  }
  state.status = null;
  show();
  if (state.problem !== null) {
    at("problem-title").focus();
  } else if (status === "signing") {
    at("title").focus();
  }
}

at("language").addEventListener("click", () => {
  state.language = state.language === "nl" ? "en" : "nl";
  show();
});

at("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (state.token === null || state.status !== null || !at("read").checked) {
    return;
  }
  const body = { sheetNumber: state.agreement.sheetNumber };
  run("signing", () => call("POST", "v1/signing/agreement/signatures", body));
});

function open() {
  state.token = takeToken();
  state.agreement = null;
  at("read").checked = false;
  if (state.token === null) {
    state.problem = { kind: "noToken" };
    show();
  } else {
    run("loading", () => call("GET", "v1/signing/agreement"));
  }
}

// The same page may be opened again with another link.
window.addEventListener("hashchange", () => {
  if (window.location.hash.length > 1) {
    open();
  }
});
open();
