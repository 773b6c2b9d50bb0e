import { product, type DemoCategory } from './catalog-section.js';

export const living: readonly DemoCategory[] = [
  {
    slug: 'furniture',
    name: 'Furniture',
    description: 'Tables, chairs and shelves in solid wood, delivered flat and quick to build.',
    prefix: 'FUR',
    handful: 2,
    products: [
      product('Tarn Desk Oak 140 × 70', 54900, 'Solid oak, oiled, with a cable tray and a drawer that runs on wood.', {
        material: 'oak',
        widthCm: 140,
      }),
      product('Tarn Desk Oak 160 × 80', 62900, 'The large version, for two screens or a model railway.', {
        material: 'oak',
        widthCm: 160,
      }),
      product('Rise Standing Desk Frame', 38900, 'From 62 to 127 cm with two motors and four memories. Take any top.', {
        colour: 'white',
        maxLoadKg: 120,
      }),
      product('Rise Desk Top Bamboo 160 × 80', 17900, 'Rounded edges, grommet holes on both sides.', {
        material: 'bamboo',
        widthCm: 160,
      }),
      product(
        'Rise Office Chair',
        42900,
        'Mesh back, adjustable everywhere it matters, parts available for ten years.',
        { colour: 'grey', maxLoadKg: 130 },
      ),
      product('Tarn Chair Ash', 17900, 'Steam-bent back and a seat that is more comfortable than it looks.', {
        material: 'ash',
        weightGrams: 4300,
      }),
      product('Tarn Stool Ash', 9900, 'Seat, side table, ladder.', { material: 'ash', heightCm: 46 }),
      product('Tarn Bench Oak 120', 24900, 'For the hall or the long side of the table.', {
        material: 'oak',
        widthCm: 120,
      }),
      product('Tarn Dining Table Oak 180', 119900, 'Seats six every day and eight at Christmas.', {
        material: 'oak',
        widthCm: 180,
      }),
      product('Ladder Shelf Walnut', 21900, 'Leans against the wall on five steps. One screw keeps it there.', {
        material: 'walnut',
        heightCm: 190,
      }),
      product('Wall Shelf Oak 80', 7900, 'Invisible brackets, carries 20 kg of paperbacks.', {
        material: 'oak',
        widthCm: 80,
      }),
      product('Modular Bookcase, base unit', 14900, 'Stack it, turn it, add to it next year.', {
        material: 'birch plywood',
        widthCm: 72,
      }),
      product('Modular Bookcase, door', 4900, 'Hides a compartment of the bookcase.', {
        material: 'birch plywood',
        colour: 'terracotta',
      }),
      product('Coat Rack Line', 6900, 'Five pegs that fold away when nobody visits.', { material: 'oak', widthCm: 60 }),
      product('Lounge Chair Fold', 69900, 'Leather on steel tube, wide enough to pull your feet up.', {
        colour: 'cognac',
        material: 'leather',
      }),
      product('Side Table Disc', 12900, 'Powder-coated steel, 45 cm, with a handle in the middle.', {
        colour: 'ochre',
        diameterCm: 45,
      }),
      product(
        'Tarn Bed Oak 160 × 200',
        139900,
        'No metal, no squeak. Slatted base included.',
        { material: 'oak', widthCm: 160 },
        'DRAFT',
      ),
    ],
  },
  {
    slug: 'lighting',
    name: 'Lighting',
    description: 'Lamps for working, reading and doing nothing.',
    prefix: 'LIG',
    handful: 3,
    products: [
      product('Crane Desk Lamp', 12900, 'Two joints and a head that stays where it is put. 2,700 to 5,000 K.', {
        lumens: 750,
        colour: 'black',
      }),
      product('Crane Clamp Lamp', 11900, 'The desk lamp for desks without space.', { lumens: 750, colour: 'white' }),
      product('Crane Floor Lamp', 21900, 'Reads over your shoulder. Dimmable by foot.', {
        lumens: 1100,
        colour: 'black',
      }),
      product('Pebble Table Lamp', 6900, 'Opal glass the size of a grapefruit. Dim enough for children.', {
        lumens: 320,
        material: 'glass',
      }),
      product('Pebble Cordless Lamp', 8900, 'Twelve hours on the balcony, charged on its tray.', {
        lumens: 210,
        batteryHours: 12,
      }),
      product('Dome Pendant 40 cm', 15900, 'Spun aluminium that throws its light on the table and not into eyes.', {
        diameterCm: 40,
        colour: 'sage',
      }),
      product('Dome Pendant 25 cm', 9900, 'The small one, good in threes.', { diameterCm: 25, colour: 'sage' }),
      product('Paper Lantern 60 cm', 3490, 'Washi paper on bamboo. With suspension, without bulb.', {
        diameterCm: 60,
        material: 'paper',
      }),
      product('Wall Light Arc', 10900, 'Washes a wall with warm light. Switch on the cable or in the wall.', {
        lumens: 540,
        colour: 'brass',
      }),
      product('Picture Light 30 cm', 8490, 'Even light without ultraviolet for things that should not fade.', {
        lumens: 260,
        lengthCm: 30,
      }),
      product('LED Bulb E27 Warm, dimmable', 990, '806 lumens at 7 watts, colour rendering above 95.', {
        lumens: 806,
        socket: 'E27',
      }),
      product('LED Bulb E14 Warm, dimmable', 890, '470 lumens at 4.5 watts, colour rendering above 95.', {
        lumens: 470,
        socket: 'E14',
      }),
      product('Globe Filament Bulb E27', 1490, 'Visible filament, 95 mm, for lamps without a shade.', {
        lumens: 600,
        socket: 'E27',
      }),
      product('LED Strip 5 m', 3990, 'Cuts every 5 cm and sticks to anything clean.', { lumens: 2000, lengthCm: 500 }),
      product('String Lights Outdoor 10 m', 4990, 'Ten shatter-proof bulbs, made for wind and rain.', {
        waterproof: 'IP65',
        lengthCm: 1000,
      }),
      product('Book Light Clip', 1990, 'Amber light that lets the other side of the bed sleep.', {
        lumens: 40,
        batteryHours: 60,
      }),
      product(
        'Crane Desk Lamp Classic',
        14900,
        'The first edition with a halogen bulb. Kept here for spare parts.',
        { lumens: 600, colour: 'red' },
        'ARCHIVED',
      ),
    ],
  },
  {
    slug: 'stationery',
    name: 'Stationery',
    description: 'Paper, pens and the pleasure of crossing things off.',
    prefix: 'STA',
    handful: 8,
    products: [
      product('Notebook A5 Dotted', 1490, '192 pages of 100 g paper, sewn, lies flat from the first page.', {
        format: 'A5',
        colour: 'forest',
      }),
      product('Notebook A5 Lined', 1490, '192 pages of 100 g paper with 7 mm lines.', { format: 'A5', colour: 'navy' }),
      product('Notebook A6 Plain', 990, 'For jackets and ideas.', { format: 'A6', colour: 'rust' }),
      product('Weekly Planner', 2490, 'A week on two pages, undated, so that it never starts too late.', {
        format: 'A5',
        colour: 'grey',
      }),
      product('Sketchbook A4 160 g', 2290, 'Takes pencil, ink and a light wash. 60 sheets.', {
        format: 'A4',
        sheets: 60,
      }),
      product('Fountain Pen Ottilie', 4490, 'Steel nib that writes at once, even after a holiday.', {
        nib: 'M',
        colour: 'petrol',
      }),
      product('Fountain Pen Ottilie, broad', 4490, 'The wider nib, for letters and left-handers.', {
        nib: 'B',
        colour: 'black',
      }),
      product('Ink Midnight Blue 50 ml', 1290, 'Dries fast and washes out of shirts.', {
        millilitres: 50,
        colour: 'blue',
      }),
      product('Ink Walnut 50 ml', 1290, 'A brown that looks old on the day it is written.', {
        millilitres: 50,
        colour: 'brown',
      }),
      product('Gel Pens 0.5 mm (set of 5)', 1190, 'Black, blue, red, green and a grey for second thoughts.', {
        pieces: 5,
      }),
      product('Pencils HB (box of 12)', 990, 'Cedar from managed forests, finished with six thin coats.', {
        pieces: 12,
        hardness: 'HB',
      }),
      product('Mechanical Pencil 0.5', 1890, 'Brass body, knurled grip, a tip that retracts.', { material: 'brass' }),
      product('Brass Ruler 15 cm', 1690, 'Etched scale that does not wear off.', { material: 'brass', lengthCm: 15 }),
      product('Sticky Notes Recycled (6 pads)', 590, 'Stick well, come off clean, fade into compost.', { pieces: 6 }),
      product('Envelopes C6 Cotton (25 pieces)', 1090, 'Lined envelopes that make people open them first.', {
        pieces: 25,
        format: 'C6',
      }),
      product('Desk Organiser Oak', 3990, 'Pens, cards, a phone and the key that is always missing.', {
        material: 'oak',
      }),
      product('Paper Shears 21 cm', 2690, 'Carbon steel, adjustable screw, cuts for decades.', {
        material: 'carbon steel',
        lengthCm: 21,
      }),
    ],
  },
];
