/** Raised with every change of the list, since the findings of a check depend on it. */
export const FUNCTION_WORDS_VERSION = 1;

const ENGLISH = `
a an the and or but nor so yet if then than that this these those there here
of in on at by for from to into onto with without within over under up down out off about between among through across
after before until till while when where as since because although though whether rather instead along around round
toward towards upon against beside besides during per like except
who whom whose what which why how whoever whatever whichever whenever wherever
is are was were be been being am do does did done doing have has had having will would shall should can could may might
must ought cannot
no not never ever none neither either both
i me my mine myself you your yours yourself yourselves we us our ours ourselves he him his himself she her hers herself
it its itself they them their theirs themselves themself one ones own oneself
other others another each every all any some such same more most less least much many few very too also just only even
still again once back away now
nobody anybody everybody somebody everyone anyone someone nothing anything everything something
don't doesn't didn't isn't aren't wasn't weren't won't can't i'm i'll i've i'd you're you'll you've we're we'll we've
they're they'll they've it's that's there's let let's
`;

/** Words that two texts may share without saying the same, by primary language subtag. */
export const FUNCTION_WORDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["en", new Set(ENGLISH.trim().split(/\s+/))],
]);
