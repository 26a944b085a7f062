import type { Vocabulary } from './judged.js';

const concepts = (lines: string): [string, ...string[]][] =>
  lines
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s*[|]\s*/) as [string, ...string[]]);

/** The one that fusion was steered by. */
export const STEERED: Vocabulary = {
  genres: concepts(`electronic | synthesizer | computerized
    hip hop | rap | emcee
    rock | guitar-driven | headbanging
    jazz | swing | bebop
    folk | acoustic | campfire
    ambient | atmospheric | drifting
    techno | warehouse | industrial
    classical | orchestral | symphonic`),
  moods: concepts(`happy | joyful | cheerful
    dark | gloomy | sinister
    calm | peaceful | tranquil
    energetic | lively | vigorous
    sad | sorrowful | mournful
    romantic | loving | tender
    tense | nervous | anxious
    dreamy | surreal | hazy`),
  instruments: concepts(`piano | keys
    drums | percussion
    bass | low-end
    strings | violins
    brass | horns
    pad | sustained
    lead | solo
    vocal | singing`),
};

/** Other words, which nothing was steered by. */
export const HELD_OUT: Vocabulary = {
  genres: concepts(`reggae | offbeat | jamaican
    country | nashville | twangy
    soul | motown | gospel-tinged
    punk | mohawk | three-chord
    disco | mirrorball | nightfever
    blues | delta | twelve-bar
    metal | distorted | shredding
    bossa nova | brazilian | copacabana
    trance | euphoric-arpeggio | supersaw
    drum and bass | breakneck | amen`),
  moods: concepts(`hopeful | optimistic | promising
    angry | furious | enraged
    playful | mischievous | whimsical
    mysterious | enigmatic | cryptic
    nostalgic | wistful | bygone
    triumphant | victorious | heroic
    lazy | sluggish | unhurried
    eerie | haunted | spectral`),
  instruments: concepts(`flute | woodwind
    organ | hammond
    harp | plucked
    marimba | mallet
    cello | bowed
    synth | modular
    banjo | fingerpicked
    choir | chanting`),
};
