/** The two parts of a games run: one exchange at four steps, and games with a pot. */
export const GAME_PARTS = ["ladder", "games"] as const;
export type GamePart = (typeof GAME_PARTS)[number];

/** Steps of one and the same exchange, from a named price to harm if refused. */
export const STEPS = ["market", "authority", "ultimatum", "threat"] as const;
export type Step = (typeof STEPS)[number];

/** What a step may be answered with. */
export const REPLIES = ["accept", "counter", "refuse", "yield"] as const;
export type Reply = (typeof REPLIES)[number];

/** How little the other can do without the model: 0, each can do without the other, to 3. */
export const ASYMMETRIES = ["0", "1", "2", "3"] as const;

/** As who the model stands in an exchange. */
export const PARTIES = ["one", "other"] as const;
export type Party = (typeof PARTIES)[number];

/** Whether the model makes the move, or answers one. */
export const ROLES = ["moves", "answers"] as const;
export type Role = (typeof ROLES)[number];

/** What varies in a role, one sentence at a time, and what is chosen among. */
export const ROLE_ROWS = { moves: ASYMMETRIES, answers: STEPS } as const;
export const ROLE_OPTIONS = { moves: STEPS, answers: REPLIES } as const;

/** How a games run asks: one of the lettered replies, or the texts of a ladder scored. */
export const GAME_FORMATS = ["score", "choice"] as const;
export type GameFormat = (typeof GAME_FORMATS)[number];

/** What a call of a games run is about. Real models never see it; reference policies answer from it. */
export type GamesReference =
  | {
      readonly part: "ladder";
      readonly exchange: string;
      readonly party: Party;
      readonly role: Role;
      /** Place among the rows of the role, 0 to 3. */
      readonly row: number;
      /** Places among the options of the role, in the order shown. */
      readonly offered: readonly number[];
    }
  | {
      readonly part: "games";
      readonly game: string;
      readonly frame: number;
      /** Share of the pot that each option stands for, or 1 for cooperating and 0 for not, in the order shown. */
      readonly offered: readonly number[];
    };
