// One CPU at work, for as long as its parent lives: `fork` it.
const TURN_MS = 50;

let alone = false;
process.on('disconnect', () => {
  alone = true;
});

function burn(): void {
  const until = performance.now() + TURN_MS;
  let turns = 0;
  while (performance.now() < until) turns += 1;
  // Between two turns it hears whether its parent has gone, however that ended.
  if (!alone && turns > 0) setImmediate(burn);
}

burn();
