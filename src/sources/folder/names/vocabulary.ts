/** Words that tell what a number, a letter or a folder means. In lower case. */

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** Units that follow a number, which then is no tempo: "24bit", "96k", "500ms", "12db", "8bar". */
export const UNITS = words(`
  bit bits k khz hz ms s sec secs second seconds min mins db st semi semitones cents ct bar bars beat beats
  step steps inch in th nd rd st x mb kb gb percent deg`);

/** Words before a number that counts something: "vol 120", "take 101", "vel127", "rr2". */
export const COUNTED = words(`
  v ver version vol volume take tk part pt no nr num number track trk vel velocity rr round robin disc cd id
  midi freesound`);

/** Machines whose number could be a tempo. */
export const MACHINES: ReadonlySet<string> = new Set([
  'sh 101',
  'cz 101',
  'dx 100',
  'juno 60',
  'juno 106',
  'mpc 60',
  'cr 68',
  'cr 78',
  'kpr 77',
  'dr 110',
  'tr 66',
  'tr 77',
  'jupiter 80',
]);

/** Numbers of machines that follow other words too: "bass101" is an SH-101. */
export const MACHINE_NUMBERS: ReadonlySet<number> = new Set([101, 106]);

/** Words before a letter that counts: "Take A", "Part B". */
export const LETTERED = words(`
  take tk part pt version ver variation var mix side section pattern type set bank group layer option opt alt kit
  plan vitamin class grade team form pos slot demo edit row unit vol volume model deck channel`);

/** Words before an A or B that counts; parts of a song and similar: "Verse A", "Drop B", "Loop A". */
export const SONG_PARTS = words(`
  verse chorus hook bridge drop intro outro scene phrase mode pad sample cut cue line loop fill chain style level
  block beat`);

/** Sounds that have no pitch, or hardly ever a key: a letter after one counts takes. */
export const UNPITCHED = words(`
  kick kicks snare snares sd bd clap claps hat hats hh hihat hihats cymbal cymbals crash ride shaker perc
  percussion drum drums snr rim rimshot tom toms snap snaps click clicks foley noise break breaks breakbeat
  breakbeats beat beats top tops fill fills tambourine cowbell conga bongo congas bongos timbal timbale timbales djembe
  cajon guiro clave claves cabasa maracas darbuka surdo agogo woodblock castanets texture field sfx`);

/** Single strokes of a drum: a number that their files share belongs to the pack, unless they are loops. */
export const STROKES = words(`
  kick kicks snare snares snr sd bd clap claps hat hats hh hihat hihats cymbal crash rim rimshot tom toms snap snaps`);

/** Sounds with a pitch: a letter after one is its key if "_" or " - " separates the parts of the name. */
export const PITCHED = words(`
  bass 808 sub reese synth lead pad pluck key keys piano epiano rhodes organ chord chords guitar gtr string
  strings brass horn horns flute sax vocal vocals vox voice choir arp arpeggio stab melody melodic bell bells
  mallet chime chimes sparkle cinematic kalimba violin cello trumpet pulse growl wobble acid tonal riff line hit drone atmo atmosphere
  bassline acapella rave hoover saw squelch stacc wurli marimba vibes harp sitar koto erhu seq siren
  tanpura oboe clarinet bassoon banjo mandolin ukulele harmonica accordion harpsichord celesta glockenspiel xylophone
  oud bansuri duduk santur handpan theremin supersaw fiddle timpani viola violins violas cellos celli
  flutes trumpets trombone trombones tuba lute zither dulcimer`);

/** Words for loops, in a name or a folder. */
export const LOOP_WORDS = words(`
  loop loops lp lps amen looped groove grooves break breaks breakbeat breakbeats songstarter songstarters starter starters
  progression progressions`);

/** Parts that play in time, though neither name nor folder calls them loops: a number there may be their tempo. */
export const TIMED = words(`tops fill fills`);

/** Folders of sounds that have no tempo: a number there is something else. */
export const UNTIMED = words(
  `foley footsteps ui weapons vehicles animals creatures monsters multisample multisamples`,
);

/** Codes for parts of a loop library, directly before the tempo: "drm120", "bs122", "fp_mus100". */
export const PART_CODES = words(`
  drm drum drums bs bass bl dl sl ml gl vl pl tl syn synth syns mus music top tops prc perc vox vocal gtr guitar brk
  break insp mel melody chd chord key keys lead arp pad
  fill fills str string strings pno piano org organ rhodes pluck plk stab seq flute flt sax horn horns brass`);

/** Codes for effects. A number after one is a tempo only for loops; elsewhere it counts sounds. */
export const EFFECT_CODES = words(`fx sfx atm amb tex`);

/** One-shots that last several bars of a song and therefore have a tempo. */
export const BUILDS = words(
  `fx sfx riser risers uplifter downlifter uplift downlift buildup sweep transition`,
);

/** Words before "loops" in the name of a maker, whose packs hold one-shots too. */
export const LOOP_MAKERS = words(`function prime touch organic producer future`);

export const ONE_SHOT_WORDS = words(`oneshot oneshots shot shots hit hits`);

/** Words after a letter and a space or a hyphen: the letter belongs to the word. "E Guitar", "G-Funk", "B Section". */
export const LETTER_FIRST = words(`
  guitar gtr git piano section part side verse team capella cappella funk flat sharp day string strings`);

/** Instruments after "Bb" or "Eb" and a space: the key is that of the instrument, not of what it plays. */
export const TRANSPOSING = words(`trumpet clarinet horn sax saxophone cornet tuba`);
