import { product, type DemoCategory } from './catalog-section.js';

export const outdoors: readonly DemoCategory[] = [
  {
    slug: 'camping',
    name: 'Camping',
    description: 'Tents, stoves and bags for nights outside.',
    prefix: 'CAM',
    handful: 2,
    products: [
      product('Fjell Tent 2', 32900, 'Free-standing, pitched in four minutes, two doors and 2.1 kg.', {
        persons: 2,
        weightGrams: 2100,
      }),
      product('Fjell Tent 3', 39900, 'Room for a third person, or for two and a dog.', {
        persons: 3,
        weightGrams: 2600,
      }),
      product('Fjell Tarp 3 × 3', 11900, 'Eight guy lines and no rules about how to hang it.', {
        weightGrams: 620,
        colour: 'olive',
      }),
      product('Fjell Down Sleeping Bag −5 °C', 28900, 'Responsibly sourced down, 700 cuin, packs to three litres.', {
        comfortCelsius: -5,
        weightGrams: 990,
      }),
      product('Fjell Synthetic Sleeping Bag 5 °C', 11900, 'Stays warm when wet and goes into the washing machine.', {
        comfortCelsius: 5,
        weightGrams: 1250,
      }),
      product('Insulated Sleeping Mat', 12900, 'R-value 4.2, seven centimetres thick, inflated with its own bag.', {
        rValue: 4.2,
        weightGrams: 560,
      }),
      product('Foam Sleeping Mat', 3490, 'Never leaks, also a seat, a table and a splint.', {
        rValue: 2,
        weightGrams: 410,
      }),
      product('Inflatable Pillow', 2990, 'Weighs as much as a plum.', { weightGrams: 74 }),
      product('Gas Stove Wasp', 5490, 'Boils half a litre in three minutes; folds to the size of an egg.', {
        weightGrams: 83,
        maxWatt: 2800,
      }),
      product('Titanium Pot 750 ml', 5990, 'Lid, folding handles, and it fits a gas canister.', {
        material: 'titanium',
        weightGrams: 118,
      }),
      product('Spork Titanium', 1290, 'One thing less to forget.', { material: 'titanium', weightGrams: 16 }),
      product('Headlamp 400 Lumens', 4990, 'Charges by USB-C, red light for the others in the tent.', {
        lumens: 400,
        batteryHours: 40,
      }),
      product('Camp Lantern', 4490, 'Warm light for a table, and a power bank when it matters.', {
        lumens: 300,
        batteryHours: 30,
      }),
      product('Water Filter Squeeze', 4290, 'Filters a thousand litres, back-flushes with the same bottle.', {
        litres: 1000,
        weightGrams: 65,
      }),
      product('Vacuum Flask 1 L', 3990, 'Hot for a day, cold for two, dented for a life.', {
        litres: 1,
        material: 'stainless steel',
      }),
      product('First-Aid Kit Trail', 3490, 'What is needed until help comes, sorted so that it is found.', {
        pieces: 48,
        weightGrams: 290,
      }),
      product('Camp Chair Low', 9900, 'Packs as small as a bottle of wine and carries 145 kg.', {
        maxLoadKg: 145,
        weightGrams: 960,
      }),
    ],
  },
  {
    slug: 'cycling',
    name: 'Cycling',
    description: 'Lights, locks, bags and parts for people who ride in all weather.',
    prefix: 'CYC',
    handful: 2,
    products: [
      product('Kerb Commuter Helmet', 8900, 'Built-in rear light, a magnet buckle and room for a ponytail.', {
        size: 'M',
        colour: 'white',
      }),
      product('Kerb Road Helmet', 14900, '240 grams with a rotation-damping liner.', { size: 'L', colour: 'black' }),
      product(
        'Kerb Front Light 80 Lux',
        6990,
        'A cut-off beam that lights the road and not the oncoming faces. Road-legal in Germany.',
        { lux: 80, batteryHours: 5 },
      ),
      product('Kerb Rear Light', 3490, 'Brightens when you brake.', { batteryHours: 11 }),
      product('Folding Lock 90 cm', 8990, 'Hardened steel, security level 15, with a holder that does not rattle.', {
        lengthCm: 90,
        weightGrams: 1250,
      }),
      product('U-Lock Compact', 6990, 'Two bolts, two keys and a number to order more.', { weightGrams: 1400 }),
      product(
        'Roll-Top Pannier 20 L (pair)',
        13900,
        'Welded seams, waterproof for ten years and repaired after that.',
        { litres: 40, waterproof: 'IP64', colour: 'slate' },
      ),
      product('Handlebar Bag 7 L', 7900, 'Goes on and off with one hand; map window on top.', {
        litres: 7,
        waterproof: 'IP64',
      }),
      product('Saddle Bag 1 L', 2990, 'Tube, levers, tool and a note of twenty.', { litres: 1 }),
      product('Floor Pump', 4990, 'A gauge you can read from above and a head that fits every valve.', { maxBar: 11 }),
      product('Mini Pump', 2990, 'Hangs beside the bottle, reaches 7 bar with patience.', {
        maxBar: 7,
        weightGrams: 128,
      }),
      product('Multi-Tool 18', 3990, 'Chain breaker, tyre lever and the hex sizes in use.', {
        pieces: 18,
        weightGrams: 172,
      }),
      product('Chain Oil Dry 100 ml', 1190, 'Clean and quiet for dusty roads. Biodegradable.', { millilitres: 100 }),
      product('Chain Oil Wet 100 ml', 1190, 'Stays on through a winter week. Biodegradable.', { millilitres: 100 }),
      product('Touring Tyre 40-622', 4490, 'Puncture belt, reflective stripe, 6,000 km.', {
        size: '40-622',
        weightGrams: 690,
      }),
      product('Inner Tube 28"', 790, 'With the long valve.', { size: '28"' }),
      product(
        'Kerb Child Helmet',
        4990,
        'Grows with the head from two to six years.',
        { size: 'S', colour: 'yellow' },
        'DRAFT',
      ),
    ],
  },
  {
    slug: 'bags-and-travel',
    name: 'Bags & Travel',
    description: 'Backpacks, cases and small things that make a journey easier.',
    prefix: 'BAG',
    handful: 2,
    products: [
      product('Harbour Daypack 20 L', 9900, 'Recycled canvas, a sleeve for 15 inches, a pocket nobody finds.', {
        litres: 20,
        colour: 'navy',
      }),
      product('Harbour Roll-Top Backpack 28 L', 13900, 'Opens wide, closes dry, carries a week of shopping.', {
        litres: 28,
        colour: 'moss',
      }),
      product(
        'Harbour Messenger 16 L',
        11900,
        'A strap that moves to the front, and a flap that opens without a noise.',
        { litres: 16, colour: 'black' },
      ),
      product('Harbour Tote', 3490, 'Heavy organic cotton with a zip and an inside pocket.', {
        litres: 18,
        material: 'cotton',
      }),
      product('Harbour Weekender 40 L', 16900, 'Two handles, one shoulder strap, fits under most seats.', {
        litres: 40,
        colour: 'navy',
      }),
      product('Cabin Case 37 L', 19900, 'Aluminium corners, quiet wheels, the size every airline still accepts.', {
        litres: 37,
        weightGrams: 2900,
      }),
      product('Check-In Case 72 L', 27900, 'For two weeks and the books you will not read.', {
        litres: 72,
        weightGrams: 3900,
      }),
      product('Packing Cubes (set of 4)', 3990, 'Compress, see through, end all searching.', {
        pieces: 4,
        colour: 'grey',
      }),
      product('Toiletry Bag Hanging', 3490, 'Unrolls on any hook. Lining wipes clean.', { colour: 'olive' }),
      product('Passport Wallet', 4990, 'Vegetable-tanned leather for four cards, two passports and a pen.', {
        material: 'leather',
        colour: 'cognac',
      }),
      product('Luggage Tag Leather', 1490, 'With a window for an address and not for a life story.', {
        material: 'leather',
      }),
      product('Travel Adapter World', 3290, 'Four plug types, three USB ports, a spare fuse.', {
        ports: 3,
        powerWatt: 35,
      }),
      product('Sleep Mask Silk', 2490, 'Dark, cool and shaped so that eyelashes can move.', { material: 'silk' }),
      product('Neck Pillow Memory Foam', 3990, 'Holds the head from the side, where it falls.', {
        material: 'memory foam',
      }),
      product('Water Bottle Steel 600 ml', 2490, 'One wall, one lid, no taste.', { litres: 0.6, colour: 'sand' }),
      product('Umbrella Storm', 4490, 'Eight double ribs that fold over and back again. Tested to 100 km/h.', {
        diameterCm: 98,
        colour: 'black',
      }),
      product(
        'Harbour Daypack 18 L',
        8900,
        'The first daypack, replaced by the one with two litres more.',
        { litres: 18, colour: 'grey' },
        'ARCHIVED',
      ),
    ],
  },
];
