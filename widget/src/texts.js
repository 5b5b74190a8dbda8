/** What the interface itself says. What the assistant says comes from the server, in English. */
const TEXTS = {
  en: {
    title: "Sourcing Advisor",
    greeting:
      "Hello! I work out whether to outsource a process, and to what kind of provider. Which one is it about?",
    openChat: "Open chat: {0}",
    unread: "{0} unread",
    close: "Close chat",
    menu: "More",
    startOver: "Start over",
    forget: "Forget me",
    forgetAsk: "Delete this conversation here and on the server?",
    forgetYes: "Delete it",
    forgetNo: "Keep it",
    forgotten: "Deleted. Nothing of it is left.",
    conversation: "Conversation",
    yourMessage: "Your message",
    placeholder: "Ask, or answer in your own words",
    send: "Send",
    choiceCount: "{0} choices",
    slow: "This takes longer than usual …",
    offline: "You are offline. It goes on as soon as you are back.",
    waiting: "The assistant does not answer. Trying again …",
    tooFast: "That was a lot at once. It goes on in a moment.",
    tryNow: "Try now",
    tryAgain: "Try again",
    edit: "Edit",
    failed: "That did not work. Please try again.",
    unanswered: "Not answered: the assistant cannot be reached.",
    refused: "The assistant may not be used on this site.",
    rejected: "This cannot be taken. Please say it another way.",
    expired: "The earlier conversation has ended. This is a new one.",
    good: "Good answer",
    bad: "Bad answer",
    newTab: "opens in a new tab",
    recommendation: "Recommendation",
    high: "sure",
    medium: "fairly sure",
    low: "a first guess",
    place: "{0} of 100 on the way from BPO, routine work, to KPO, expert work",
    routine: "routine",
    expert: "expert",
    restsOn: "What each answer weighs towards KPO",
    weight: "{0} of {1}",
    weightless: "no weight of its own",
    assumed: "assumed",
    safeguards: "Safeguards",
    more: "{0} more",
    cases: "Similar cases",
    flip: "What would change it",
    noFlip: "No other answer to one or two questions does.",
    brief: "Brief",
    download: "Download brief",
    print: "Print",
    read: "Read it here",
  },
  de: {
    greeting:
      "Hallo! Ich sage, ob sich ein Prozess auslagern lässt und an welche Art von Anbieter. Ich spreche Englisch. Um welchen geht es?",
    openChat: "Chat öffnen: {0}",
    unread: "{0} ungelesen",
    close: "Chat schließen",
    menu: "Mehr",
    startOver: "Neu beginnen",
    forget: "Alles löschen",
    forgetAsk: "Dieses Gespräch hier und auf dem Server löschen?",
    forgetYes: "Löschen",
    forgetNo: "Behalten",
    forgotten: "Gelöscht. Nichts davon ist mehr da.",
    conversation: "Gespräch",
    yourMessage: "Ihre Nachricht",
    placeholder: "Fragen oder antworten, auf Englisch",
    send: "Senden",
    choiceCount: "{0} Möglichkeiten",
    slow: "Das dauert länger als sonst …",
    offline: "Sie sind offline. Es geht weiter, sobald Sie wieder verbunden sind.",
    waiting: "Der Assistent antwortet nicht. Neuer Versuch …",
    tooFast: "Das war viel auf einmal. Es geht gleich weiter.",
    tryNow: "Jetzt versuchen",
    tryAgain: "Noch einmal",
    edit: "Ändern",
    failed: "Das hat nicht geklappt. Bitte noch einmal versuchen.",
    unanswered: "Nicht beantwortet: Der Assistent ist nicht erreichbar.",
    refused: "Der Assistent darf auf dieser Seite nicht benutzt werden.",
    rejected: "Das geht nicht. Bitte sagen Sie es anders.",
    expired: "Das frühere Gespräch ist beendet. Dies ist ein neues.",
    good: "Gute Antwort",
    bad: "Schlechte Antwort",
    newTab: "öffnet einen neuen Tab",
    recommendation: "Empfehlung",
    high: "sicher",
    medium: "ziemlich sicher",
    low: "erste Einschätzung",
    place: "{0} von 100 auf dem Weg von BPO, Routine, zu KPO, Fachwissen",
    routine: "Routine",
    expert: "Fachwissen",
    restsOn: "Was jede Antwort Richtung KPO wiegt",
    weight: "{0} von {1}",
    weightless: "ohne eigenes Gewicht",
    assumed: "angenommen",
    safeguards: "Absicherung",
    more: "{0} weitere",
    cases: "Ähnliche Fälle",
    flip: "Was es ändern würde",
    noFlip: "Keine andere Antwort auf ein oder zwei Fragen.",
    brief: "Zusammenfassung",
    download: "Herunterladen",
    print: "Drucken",
    read: "Hier lesen",
  },
};

/** The language that the assistant itself speaks. */
export const SPOKEN = "en";

/**
 * Adds a language, or changes texts of one.
 *
 * @param {string} lang such as "fr" or "pt-br"
 * @param {Record<string, string>} texts by the keys above; what is left out stays English
 */
export function addTexts(lang, texts) {
  const key = lang.toLowerCase();
  TEXTS[key] = { ...TEXTS[key], ...texts };
}

/**
 * @typedef {{lang: string, say: (key: string, ...values: unknown[]) => string}} Words
 *
 * @param {string} lang a language tag; of "de-AT" the part before the hyphen will do
 * @returns {Words} the language that there are texts in, and its texts by key with {0} and so on
 *   filled in
 */
export function wordsIn(lang) {
  const wanted = lang.toLowerCase();
  const known = [wanted, wanted.split("-")[0]].find((key) => Object.hasOwn(TEXTS, key)) ?? "en";
  const texts = { ...TEXTS.en, ...TEXTS[known] };
  return {
    lang: known,
    say: (key, ...values) => texts[key].replace(/\{(\d)\}/g, (_, place) => String(values[place])),
  };
}
