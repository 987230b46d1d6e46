// Tells on standard error, when the process ends, the most memory it ever held.
process.on("exit", () => {
  process.stderr.write(`peak-memory ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
});
