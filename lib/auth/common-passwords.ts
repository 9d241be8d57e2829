/**
 * Passwords of eight characters or more that head every published list of breached ones, in lower case. Shorter ones are
 * refused for their length. Digits or marks added at the end of one of these do not make it another (see
 * password-policy.ts).
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passw0rd p@ssword p@ssw0rd pa55word password1 password12 password123 password1234 passwort motdepasse contrasena
  12345678 123456789 1234567890 0123456789 87654321 987654321 0987654321 11111111 00000000 88888888 12341234 11223344
  12344321 123123123 123321123 12121212 123454321 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5 zaq12wsx
  qwertyuiop qwertyui qwerty12 qwerty123 qwerty1234 qwertz123 azertyuiop asdfghjkl asdfghjk zxcvbnm1 zxcvbnm123 1234qwer
  qwer1234 asdf1234 abcd1234 abc12345 abcdefgh abcdefghi abcdef123 a1b2c3d4 aa123456 a1234567 a12345678 iloveyou
  iloveyou1 iloveyou2 sunshine princess football baseball basketball superman batman123 spiderman starwars pokemon1
  trustno1 whatever welcome1 welcome123 letmein1 letmein123 changeme changeme1 changeme123 computer internet samsung1
  michelle jennifer jonathan victoria charlie1 michael1 jordan23 liverpool chelsea1 arsenal1 barcelona elephant chocolate
  butterfly dolphins cheese123 monkey123 dragon123 shadow12 master123 mustang1 corvette ferrari1 mercedes porsche1
  marlboro maverick midnight mountain november december september february blink182 metallica nirvana1 scorpion
  redskins steelers yankees1 lakers24 cowboys1 swordfish password! secret123 topsecret letmein! administrator admin123
  admin1234 administrador adminadmin rootroot root1234 toor1234 guest123 testtest test1234 test12345 testing123 demo1234
  demodemo default1 access14 temp1234 temporary login123 loginlogin server123 oracle123 google123 facebook linkedin
  startrek warcraft minecraft pa$$word passpass passphrase correcthorsebatterystaple thisisapassword mypassword
  newpassword yourpassword counterfoil counterfoil1 billing123 subscription invoice123`
    .split(/\s+/)
    .filter(Boolean),
);
