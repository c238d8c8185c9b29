/** Each in one sentence: what, by which rule, what to do. */
export const surveyRefusals = {
  "no-survey": "This class has no survey: look at the list of surveys for those that there are.",
  "survey-not-open": "This survey opens when its class ends: come back then.",
  "survey-closed": "This survey is closed, so nothing of this was taken and nothing was recorded.",
  "no-section": "Surveys are for students of a section of the course: ask staff if you should be one.",
  "not-blinded": "The token does not fit this survey: load the page anew and send your answers again.",
  "already-answered":
    "You have completed this survey already, maybe in another browser, and a survey is answered once.",
  "key-gone": "The key of this survey is not on this server, so nothing was recorded: tell staff.",
  "not-a-token": "The token is not one of this survey: answer on the page of the survey, where one is made.",
  "token-used": "Answers with this token have arrived already, and those stand.",
  "answers-wrong": "An answer does not fit its question: load the page anew.",
  "too-long": "The answers together are too long: shorten your texts.",
} as const;
