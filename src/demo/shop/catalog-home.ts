import { product, type DemoCategory } from './catalog-section.js';

export const home: readonly DemoCategory[] = [
  {
    slug: 'smart-home',
    name: 'Smart Home',
    description: 'Sensors, switches and thermostats that speak Matter and keep their data at home.',
    prefix: 'SMH',
    handful: 4,
    products: [
      product('Hearth Bridge', 7990, 'Connects up to 120 devices over Thread and Zigbee. Works without the internet.', {
        protocol: 'Matter',
        colour: 'white',
      }),
      product(
        'Hearth Radiator Thermostat',
        5990,
        'Screws onto common valves, notices an open window and learns how long your room takes.',
        { protocol: 'Thread', batteryYears: 2 },
      ),
      product('Hearth Room Sensor', 3490, 'Temperature, humidity and light in a box the size of a matchbox.', {
        protocol: 'Thread',
        batteryYears: 3,
      }),
      product('Hearth Door and Window Sensor', 2490, 'Tells you which window is open before the rain does.', {
        protocol: 'Thread',
        batteryYears: 3,
      }),
      product('Hearth Motion Sensor', 3290, 'Sees people and ignores cats up to 12 kg.', {
        protocol: 'Thread',
        batteryYears: 2,
      }),
      product('Hearth Water Leak Sensor', 2990, 'Lies beside the washing machine and shouts at 85 dB.', {
        protocol: 'Thread',
        batteryYears: 4,
      }),
      product('Hearth Smart Plug', 2290, 'Switches and measures up to 3,680 W. Keeps a year of readings.', {
        protocol: 'Matter',
        maxWatt: 3680,
      }),
      product('Hearth Wall Switch', 3990, 'Two rockers, four actions, no cable. Glued or screwed.', {
        protocol: 'Thread',
        colour: 'white',
      }),
      product('Hearth Dimmer Module', 4490, 'Fits behind the switch you have and dims LEDs down to one per cent.', {
        protocol: 'Zigbee',
        maxWatt: 200,
      }),
      product('Hearth Smoke Alarm', 4990, 'Ten-year battery, certified to EN 14604, links to its neighbours.', {
        protocol: 'Thread',
        batteryYears: 10,
      }),
      product(
        'Hearth Air Quality Monitor',
        12900,
        'Measures CO₂, fine dust and humidity and says in plain words when to open a window.',
        { protocol: 'Matter', display: true },
      ),
      product('Hearth Blind Motor', 15900, 'Replaces the chain of a roller blind, charges from the sun on the sill.', {
        protocol: 'Thread',
        maxLoadKg: 3,
      }),
      product('Hearth Doorbell', 14900, 'Picture and voice, stored on the card inside and nowhere else.', {
        protocol: 'Wi-Fi',
        resolution: '2K',
      }),
      product('Hearth Garden Valve', 8990, 'Waters on schedule and skips the day when rain is near.', {
        protocol: 'Zigbee',
        batteryYears: 1,
      }),
      product(
        'E-Paper Wall Calendar 10"',
        18900,
        'Shows the calendar of the whole family and the weather, six months on one charge.',
        { inches: 10, batteryMonths: 6 },
      ),
      product('Presence Night Light (set of 2)', 2790, 'Glows along the floor when somebody walks, and only then.', {
        pieces: 2,
        lumens: 30,
      }),
      product(
        'Hearth Energy Meter Reader',
        6990,
        'Reads the blinking diode of your meter every second.',
        { protocol: 'Matter' },
        'DRAFT',
      ),
    ],
  },
  {
    slug: 'kitchen',
    name: 'Kitchen',
    description: 'Knives, pans and tools that get better with use.',
    prefix: 'KIT',
    handful: 2,
    products: [
      product("Brenner Chef's Knife 20 cm", 8900, 'Forged from one piece, ground thin, easy to sharpen at home.', {
        material: 'X50CrMoV15',
        lengthCm: 20,
      }),
      product(
        'Brenner Santoku 17 cm',
        7900,
        'A Japanese shape for vegetables and fingers that like to stay above the board.',
        { material: 'X50CrMoV15', lengthCm: 17 },
      ),
      product('Brenner Paring Knife 9 cm', 3490, 'The small one that ends up in every hand.', {
        material: 'X50CrMoV15',
        lengthCm: 9,
      }),
      product('Brenner Bread Knife 22 cm', 6490, 'Waves that cut crust and leave the crumb where it is.', {
        material: 'X50CrMoV15',
        lengthCm: 22,
      }),
      product('Brenner Whetstone 1000/6000', 4990, 'Two grits, a bamboo base and a leaflet that explains the angle.', {
        grit: '1000/6000',
      }),
      product('Cast-Iron Skillet 26 cm', 5490, 'Pre-seasoned with linseed oil. For induction, oven and campfire.', {
        material: 'cast iron',
        diameterCm: 26,
        weightGrams: 2350,
      }),
      product('Carbon-Steel Pan 28 cm', 6490, 'Lighter than cast iron and just as non-stick after a month.', {
        material: 'carbon steel',
        diameterCm: 28,
        weightGrams: 1780,
      }),
      product('Enamelled Casserole 4.5 L', 17900, 'Holds heat for an hour on the table. Lid with drip points.', {
        material: 'cast iron',
        litres: 4.5,
        colour: 'petrol',
      }),
      product('Saucepan Stainless 2 L', 7490, 'Three layers up to the rim and a spout on each side.', {
        material: 'stainless steel',
        litres: 2,
      }),
      product('End-Grain Chopping Board Oak', 9900, 'Kind to edges, heavy enough not to wander. 40 × 30 × 4 cm.', {
        material: 'oak',
        weightGrams: 3600,
      }),
      product('Mixing Bowls (set of 3)', 4290, 'Nested steel bowls with scale and silicone foot.', {
        material: 'stainless steel',
        pieces: 3,
      }),
      product('Digital Kitchen Scale', 3290, 'To the gram up to 5 kg, to a tenth up to 300 g. Runs on USB-C.', {
        maxLoadKg: 5,
      }),
      product('Instant-Read Thermometer', 3990, 'The inside of a roast in two seconds.', {
        waterproof: 'IP67',
        rangeCelsius: '-40 to 300',
      }),
      product('Pepper Mill Beech 18 cm', 4490, 'Ceramic grinder with nine settings and a 25-year guarantee.', {
        material: 'beech',
        heightCm: 18,
      }),
      product('Glass Storage Jars (set of 6)', 3690, 'Airtight jars with beech lids for flour, rice and the rest.', {
        material: 'glass',
        pieces: 6,
      }),
      product('Linen Tea Towels (set of 3)', 2490, 'Dry on the first wipe and soften with every wash.', {
        material: 'linen',
        pieces: 3,
        colour: 'natural',
      }),
      product('Pasta Machine', 8490, 'Nine thicknesses, tagliatelle and spaghetti. Clamps to any table.', {
        material: 'steel',
      }),
    ],
  },
  {
    slug: 'coffee-and-tea',
    name: 'Coffee & Tea',
    description: 'Beans, leaves and the tools to treat them well.',
    prefix: 'COF',
    handful: 6,
    products: [
      product('House Espresso Beans 1 kg', 2490, 'Chocolate and hazelnut, roasted for machines and moka pots.', {
        roast: 'dark',
        grams: 1000,
      }),
      product('Filter Roast Ethiopia 250 g', 1290, 'Washed Yirgacheffe: jasmine, bergamot, a little apricot.', {
        roast: 'light',
        grams: 250,
      }),
      product('Filter Roast Colombia 250 g', 1190, 'Caramel and red apple from a cooperative in Huila.', {
        roast: 'medium',
        grams: 250,
      }),
      product('Decaf Beans 500 g', 1690, 'Decaffeinated with sugar cane, and you would not notice.', {
        roast: 'medium',
        grams: 500,
      }),
      product('Earl Grey Loose Leaf 100 g', 990, 'Ceylon leaves with real bergamot oil.', {
        grams: 100,
        organic: true,
      }),
      product('Sencha First Flush 100 g', 1890, 'Spring harvest from Kagoshima; brew at 70 degrees.', {
        grams: 100,
        organic: true,
      }),
      product('Rooibos Orange 150 g', 890, 'No caffeine, a lot of orange peel.', { grams: 150, organic: true }),
      product('Pour-Over Dripper Porcelain', 2690, 'Spiral ribs and one large hole. For one to four cups.', {
        material: 'porcelain',
        colour: 'white',
      }),
      product('Paper Filters (100 pieces)', 790, 'Unbleached, size 02, no taste of paper.', { pieces: 100 }),
      product('Gooseneck Kettle 0.9 L', 8900, 'Holds any temperature from 50 to 100 degrees for an hour.', {
        litres: 0.9,
        maxWatt: 1000,
      }),
      product('Hand Grinder C40', 12900, 'Steel burrs and 40 clicks from espresso to French press.', {
        material: 'steel',
        grams: 35,
      }),
      product('Burr Grinder Electric', 19900, 'Quiet, no static, with a timer to a tenth of a second.', {
        maxWatt: 140,
      }),
      product('Moka Pot 4 cups', 3490, 'The aluminium classic, with a silicone seal that lasts.', {
        material: 'aluminium',
        cups: 4,
      }),
      product('French Press 1 L', 4490, 'Double-walled steel and a filter of four layers.', {
        material: 'stainless steel',
        litres: 1,
      }),
      product(
        'Espresso Machine Duetto',
        119900,
        'Two boilers, a PID and a steam wand that does not splutter. Warm in nine minutes.',
        { maxWatt: 1700, colour: 'steel' },
      ),
      product('Cappuccino Cups (set of 4)', 3990, 'Thick-walled stoneware, 180 ml, stackable.', {
        pieces: 4,
        colour: 'sage',
      }),
      product('Cast-Iron Teapot 0.8 L', 5990, 'Keeps warm until the second cup. With a steel sieve.', {
        litres: 0.8,
        colour: 'black',
      }),
    ],
  },
];
