// An agent that does nothing, for a machine that is driven from outside.
setInterval(() => {}, 60_000);
