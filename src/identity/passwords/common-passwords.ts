/**
 * The passwords of eight characters and more that stand at the top of every list of leaked ones, by what they are made of.
 * A longer list would refuse little more: guessing is limited to a few tries (libs/limits).
 */
const words = `
password passwort passw0rd p@ssword p@ssw0rd contraseña contrasena motdepasse kennwort geheimnis
iloveyou sunshine princess football baseball superman batman123 michelle jennifer trustno1 starwars
whatever computer internet samsung1 qwertyuiop qwertzuiop asdfghjkl zxcvbnm1 zxcvbnm1234 1q2w3e4r 1q2w3e4r5t 1qaz2wsx
qwerty12 qwerty123 qwerty1234 qwertz123 qwer1234 qwerasdf asdf1234 asdfasdf zaq12wsx zaq1zaq1 q1w2e3r4 1qazxsw2
abc12345 abcd1234 abcdefgh abcdefg1 a1b2c3d4 aa123456 abcabcabc pokemon1 charlie1 jordan23 liverpool chelsea1 arsenal1
barcelona realmadrid schalke04 bayern04 butterfly chocolate spiderman dragon12 monkey12 shadow12 master12 freedom1
letmein1 welcome1 welcome123 willkommen bienvenido bienvenue changeme changeme123 default1 admin123 admin1234 administrator
root1234 test1234 testtest testing1 temp1234 guest123 secret12 secret123 mypassword mypassword1 password1 password12
password123 password1234 password! passwort1 passwort123 hallo123 hallo1234 schatz123 ichliebedich teamomucho tequiero
teamo123 estrella alejandro fernando cristina mexico12 hunter22 corvette mercedes ferrari1 porsche1 maverick
mustang1 harley12 thunder1 michael1 danielle nicholas victoria christian elizabeth benjamin alexander jonathan
samantha anthony1 patricia caroline kimberly scorpion creative einstein marlboro budapest metallica slipknot nirvana1
snowball baseball1 football1 babygirl babygirl1 lovelove loveyou1 iloveyou1 iloveyou2 ihateyou jesuschrist blessed1
godisgood familia1 hellokitty doraemon naruto123 sakura123 aiueoaiueo
minecraft fortnite roblox123 google123 facebook linkedin instagram whatsapp
spring2024 summer2024 autumn2024 winter2024 spring2025 summer2025 autumn2025 winter2025 spring2026 summer2026 autumn2026
winter2026 sommer2024 sommer2025 sommer2026 winter123 summer123 january1 december1
`
  .trim()
  .split(/\s+/);
const common: ReadonlySet<string> = new Set(words);
const rows = ['1234567890', '0987654321', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'abcdefghijklmnopqrstuvwxyz'];

/** `password` in lower case. */
export const isCommonPassword = (password: string): boolean =>
  common.has(password) || isRepeated(password) || isRun(password);

/** One to four characters over and over. */
const isRepeated = (text: string): boolean =>
  [1, 2, 3, 4].some((n) =>
    text
      .slice(0, n)
      .repeat(Math.ceil(text.length / n))
      .startsWith(text),
  );
/** A piece of a row of keys or of the alphabet, perhaps beginning again. */
const isRun = (text: string): boolean => rows.some((row) => (row + row).includes(text));
