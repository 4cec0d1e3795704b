import { AccountName } from "../../../settings/accounts.ts";
import fc from "../../properties.ts";

/** What Go's strconv, and with it a Caddyfile, reads as a number or a boolean; many of them as the same one. */
const scalars = [
  ...[
    "0",
    "7",
    "07",
    "007",
    "7.",
    "7.0",
    "7.00",
    "10",
    "1e1",
    "1e01",
    "100e-1",
    "0.1e2",
    "1000",
    "1e3",
    "1_000",
    "1e-3",
  ],
  ...["0x7", "0x7p0", "0x1p-2", "0b111", "0o7", "0x_7", "9007199254740993", "9223372036854775808", "1e309"],
  ...["inf", "infinity", "nan", "t", "f", "true", "false", "1"],
];

/** Words that a Caddyfile gives a meaning, at the start of a line or elsewhere, and names of what the proxy's own has. */
const words = [
  ...[
    "default",
    "import",
    "basic_auth",
    "basicauth",
    "bcrypt",
    "registry",
    "route",
    "handle",
    "map",
    "vars",
    "respond",
    "error",
    "abort",
  ],
  ...[
    "not",
    "expression",
    "args",
    "args.0",
    "block",
    "blocks.a",
    "env.home",
    "http.auth.user.id",
    "vars.earlier",
    "who",
  ],
  ...["passwords", "bearers", "tokens", "rights", "granted", "earlier-passwords", "nobody", "password", "a-expired"],
];

/** What YAML and JavaScript read as something else, and names that one mark tells apart. */
const others = [
  ...["null", "yes", "no", "on", "off", "y", "n", "0o17", "12e03", "2027-03-31", "constructor", "bearer", "basic"],
  ...[
    "a",
    "ab",
    "a.b",
    "a-b",
    "a_b",
    "axb",
    "a-b-c",
    "a.b.c",
    "a--b",
    "a__b",
    "first.last",
    "robot_user",
    "r".repeat(63),
  ],
];

const accepted = (name: string) => AccountName.safeParse(name).success;

/** Every name known to mean something else somewhere, of those that the settings accept. */
export const treacherousNames = [...new Set([...scalars, ...words, ...others])].filter(accepted);

/** Short names of few characters, so that numbers and near-duplicates come up often, and known traps. */
export const accountName = fc
  .oneof(
    { weight: 3, arbitrary: fc.stringMatching(/^[017exbotfnaipr_.-]{1,5}$/) },
    { weight: 2, arbitrary: fc.stringMatching(/^[a-c][._-]{0,2}[a-c]?$/) },
    { weight: 2, arbitrary: fc.constantFrom(...treacherousNames) },
    { weight: 1, arbitrary: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/) },
  )
  .filter(accepted);
