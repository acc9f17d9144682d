// Writes world.json, the world's tree of regions, out of Unicode CLDR. Plain Node, no dependencies:
//
//   npm pack cldr-core cldr-localenames-full
//   for archive in *.tgz; do mkdir "${archive%.tgz}" && tar xzf "$archive" -C "${archive%.tgz}"; done
//   node generate-world.mjs cldr-core-VERSION/package cldr-localenames-full-VERSION/package > world.json
//
// CLDR follows the United Nations' M49 scheme and has what that list lacks: Taiwan, Hong Kong, Macao, Kosovo.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [core, localenames] = process.argv.slice(2);
if (!core || !localenames) {
  console.error('usage: node generate-world.mjs CLDR-CORE CLDR-LOCALENAMES-FULL');
  process.exit(2);
}
const read = (...path) => JSON.parse(readFileSync(join(...path), 'utf8'));

const LANGUAGES = ['de', 'fr', 'es', 'ja', 'zh', 'ko', 'ar'];
const containment = read(core, 'supplemental/territoryContainment.json').supplemental.territoryContainment;
const codes = read(core, 'supplemental/codeMappings.json').supplemental.codeMappings;
const version = read(core, 'package.json').version;
const territories = (language) =>
  read(localenames, 'main', language, 'territories.json').main[language].localeDisplayNames.territories;
const english = territories('en');
const others = LANGUAGES.map((language) => [language, territories(language)]);

// Where CLDR's full name is longer than what is printed, its short form is taken, in every language that has one.
const SHORT = new Set(['HK', 'MM', 'MO', 'PS']);
// Groupings that a newsroom sorts by; they stand beside the tree and have members in it.
// CLDR's eurozone is out of date and left out.
const GROUPINGS = { '003': '019', 419: '019', 202: '002', EU: '150' };
// "Outlying Oceania" only holds Antarctica, which gets its own place under the world, and codes that are no countries.
const LEFT_OUT = new Set(['QO', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA']);
// Kosovo's alpha-3 and numeric codes are private to CLDR: neither ISO nor the United Nations gave it one.
const UNCODED = new Set(['XK']);

const nameIn = (names, code) => {
  const name = (SHORT.has(code) && names[`${code}-alt-short`]) || names[code];
  return name[0].toUpperCase() + name.slice(1);
};
const slugOf = (text) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}|['’]/gu, '')
    .replace(/&/g, ' and ')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const rows = [];
function add(code, kind, parent, members = []) {
  const numeric = /^\d{3}$/.test(code);
  const coded = kind === 'country' && !UNCODED.has(code);
  const name = nameIn(english, code);
  rows.push({
    slug: slugOf(name),
    name,
    kind,
    parent,
    iso2: kind === 'country' ? code : null,
    iso3: (coded && codes[code]?._alpha3) || null,
    m49: numeric ? code : (coded && codes[code]?._numeric) || null,
    names: Object.fromEntries(others.map(([language, names]) => [language, nameIn(names, code)])),
    members,
  });
  return slugOf(name);
}

const byName = (codes) => [...codes].sort((a, b) => nameIn(english, a).localeCompare(nameIn(english, b), 'en'));
const below = (code) => byName(containment[code]._contains.filter((child) => !LEFT_OUT.has(child)));
const slugOfCode = {};
const put = (code, ...rest) => (slugOfCode[code] = add(code, ...rest));

put('001', 'world', null);
for (const region of below('001')) {
  put(region, 'region', slugOfCode['001']);
  for (const subregion of below(region)) {
    put(subregion, 'subregion', slugOfCode[region]);
    for (const country of below(subregion)) put(country, 'country', slugOfCode[subregion]);
  }
}
put('AQ', 'country', slugOfCode['001']);
for (const [code, parent] of Object.entries(GROUPINGS)) {
  put(code, 'grouping', slugOfCode[parent], below(code).map((member) => slugOfCode[member]));
}

const source = `Unicode CLDR ${version}, Unicode-3.0 licence: see LICENSE-UNICODE. Written by generate-world.mjs.`;
const lines = rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n');
process.stdout.write(`{"source": ${JSON.stringify(source)},\n"regions": [\n${lines}\n]}\n`);
