/** What a mood adds to a description: adjectives, images, effects on the listener, and words for titles. */
export interface Mood {
  adjectives: readonly string[];
  images: readonly string[];
  effects: readonly string[];
  titles: readonly string[];
}

const mood = (adjectives: string[], images: string[], effects: string[], titles: string[]): Mood => ({
  adjectives,
  images,
  effects,
  titles,
});

export const MOODS = {
  dark: mood(
    ['shadowy', 'ominous', 'brooding', 'sinister'],
    ['an empty street after midnight', 'a cellar with one bare bulb', 'storm clouds over a harbour'],
    ['unease that never quite resolves', 'a sense of threat just out of sight'],
    ['Midnight', 'Shadow', 'Black', 'Obsidian'],
  ),
  moody: mood(
    ['pensive', 'overcast', 'introspective', 'smouldering'],
    ['rain running down a taxi window', 'neon in a puddle', 'a cigarette on a balcony'],
    ['quiet reflection', 'a slow inward pull'],
    ['Smoke', 'Overcast', 'Neon', 'Indigo'],
  ),
  gritty: mood(
    ['rough', 'raw', 'streetwise', 'unpolished'],
    ['cracked concrete and chain-link fences', 'an old sampler in a basement', 'peeling posters on brick'],
    ['a head-nodding toughness', 'an honest, unvarnished attitude'],
    ['Dusty', 'Concrete', 'Rusty', 'Brick'],
  ),
  nostalgic: mood(
    ['wistful', 'faded', 'sepia-toned', 'old-school'],
    ['a shoebox of photographs', 'a summer long gone', 'a cassette found in a drawer'],
    ['a fond ache for earlier days', 'memories that come back uninvited'],
    ['Faded', 'Yesterday', 'Vintage', 'Cassette'],
  ),
  tense: mood(
    ['nervous', 'suspenseful', 'taut', 'restless'],
    ['footsteps in a corridor', 'a countdown nobody can stop', 'a held breath'],
    ['mounting suspense', 'the feeling that something is about to break'],
    ['Wire', 'Countdown', 'Static', 'Razor'],
  ),
  aggressive: mood(
    ['fierce', 'hard-hitting', 'furious', 'confrontational'],
    ['a fist through drywall', 'a crowd surging at the barrier', 'tyres screaming on asphalt'],
    ['a rush of adrenaline', 'sheer forward force'],
    ['Savage', 'Rage', 'Iron', 'Feral'],
  ),
  mysterious: mood(
    ['enigmatic', 'veiled', 'otherworldly', 'cryptic'],
    ['a door left ajar', 'lights moving under water', 'a temple lost in fog'],
    ['curiosity mixed with caution', 'the sense of a secret'],
    ['Hidden', 'Cipher', 'Phantom', 'Veiled'],
  ),
  melancholic: mood(
    ['sorrowful', 'bittersweet', 'lonely', 'aching'],
    ['an empty train platform', 'autumn leaves on wet ground', 'a letter never sent'],
    ['gentle sadness', 'a tender sense of loss'],
    ['Lonely', 'November', 'Grey', 'Hollow'],
  ),
  'laid-back': mood(
    ['relaxed', 'easygoing', 'unhurried', 'mellow'],
    ['a hammock in the shade', 'a slow walk home', 'feet up on the dashboard'],
    ['calm without sleepiness', 'the ease of a free afternoon'],
    ['Lazy', 'Mellow', 'Easy', 'Slow'],
  ),
  dreamy: mood(
    ['hazy', 'floating', 'blurred', 'weightless'],
    ['clouds seen from above', 'the minute before sleep', 'sunlight through gauze'],
    ['a drifting, half-awake calm', 'soft disorientation'],
    ['Dream', 'Haze', 'Cloud', 'Pastel'],
  ),
  warm: mood(
    ['cosy', 'rounded', 'glowing', 'tender'],
    ['a kitchen in the evening', 'the last light of August', 'a fire burning low'],
    ['comfort and closeness', 'an unforced smile'],
    ['Golden', 'Amber', 'Ember', 'Sunlit'],
  ),
  uplifting: mood(
    ['hopeful', 'bright', 'optimistic', 'soaring'],
    ['a city at sunrise', 'the first warm day of spring', 'arms in the air'],
    ['hope and momentum', 'a lift that stays after the last bar'],
    ['Sunrise', 'Rising', 'Bright', 'Higher'],
  ),
  playful: mood(
    ['cheeky', 'bouncy', 'quirky', 'light-hearted'],
    ['a dog chasing a ball', 'confetti on a dance floor', 'a wink across the room'],
    ['a grin and a tapping foot', 'carefree fun'],
    ['Bouncy', 'Bubble', 'Jelly', 'Candy'],
  ),
  euphoric: mood(
    ['ecstatic', 'radiant', 'exhilarating', 'blissful'],
    ['a festival field at dusk', 'lasers over ten thousand hands', 'the top of a roller coaster'],
    ['pure elation', 'a release that the whole room shares'],
    ['Euphoria', 'Laser', 'Rapture', 'Skyline'],
  ),
  groovy: mood(
    ['funky', 'swaggering', 'syncopated', 'in-the-pocket'],
    ['a packed basement club', 'a low-rider rolling by', 'polished shoes on a wooden floor'],
    ['an irresistible urge to move', 'a deep pocket groove'],
    ['Funky', 'Groove', 'Velour', 'Pocket'],
  ),
  hypnotic: mood(
    ['trance-like', 'repetitive', 'mesmerising', 'circling'],
    ['a strobe slowing down', 'machines running all night', 'headlights on an endless road'],
    ['a trance that bends time', 'total absorption'],
    ['Spiral', 'Trance', 'Loop', 'Pendulum'],
  ),
  energetic: mood(
    ['driving', 'explosive', 'high-octane', 'urgent'],
    ['a sprint through traffic', 'sparks off a grinder', 'a crowd jumping as one'],
    ['breathless excitement', 'energy that will not sit still'],
    ['Turbo', 'Spark', 'Rush', 'Electric'],
  ),
  ethereal: mood(
    ['celestial', 'delicate', 'shimmering', 'translucent'],
    ['northern lights over snow', 'a cathedral with no walls', 'dust in a sunbeam'],
    ['wonder and stillness', 'a feeling of leaving the ground'],
    ['Celestial', 'Halo', 'Silver', 'Lunar'],
  ),
  peaceful: mood(
    ['serene', 'tranquil', 'gentle', 'still'],
    ['a lake without wind', 'moss after rain', 'a garden in the early morning'],
    ['deep calm', 'slow, even breathing'],
    ['Still', 'Quiet', 'Meadow', 'Willow'],
  ),
  romantic: mood(
    ['sensual', 'intimate', 'affectionate', 'candlelit'],
    ['two glasses on a window sill', 'a slow dance in socks', 'lights dimmed to amber'],
    ['closeness and longing', 'a flutter in the chest'],
    ['Rose', 'Lover', 'Moonlight', 'Valentine'],
  ),
  epic: mood(
    ['heroic', 'monumental', 'sweeping', 'triumphant'],
    ['an army on a ridge', 'a ship leaving for the stars', 'a mountain breaking through cloud'],
    ['awe and courage', 'the scale of a legend'],
    ['Titan', 'Legend', 'Crown', 'Valhalla'],
  ),
} as const satisfies Record<string, Mood>;

export type MoodName = keyof typeof MOODS;
