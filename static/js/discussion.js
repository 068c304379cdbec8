// The discussion beside a film: the box to write in, drafts, names after an @, what others say meanwhile, what is said now.

import "./discussion-moment.js";
import "./discussion-brouillon.js";
import "./discussion-noms.js";
import "./discussion-direct.js";
import "./discussion-suivi.js";
