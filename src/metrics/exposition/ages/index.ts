/**
 * The entry of the module that writes `sag_app_user_session_age_seconds`. Other folders import only this file,
 * and a test makes sure of that.
 *
 * The problem. Every other family changes only when a pass finds something new, so its lines are rendered
 * and deflated once and then served from memory. But the age of a session changes every second. With 100,000
 * sessions online, rendering the family and deflating it with zlib takes about 40 ms for each scrape. This
 * module takes about 2 ms.
 *
 * The idea. Between two scrapes only digits change, and mostly only the last three of each age:
 *
 *     sag_app_user_session_age_seconds{account="a",...,user_name="alice"} 7245
 *     sag_app_user_session_age_seconds{account="a",...,user_name="bob"} 7245
 *     |<----- equal to the line before ------->|<-------- new -------->|   ^^^
 *     match (length, distance)                  literals                  overwritten at each scrape
 *
 * Deflate's fixed Huffman codes (RFC 1951, section 3.2.6) write each digit as a literal of exactly 8 bits.
 * So a deflated text can be kept, and at a scrape the digits in it are overwritten in place, at bit offsets
 * that are known:
 *
 *     kept     | header | match | literals "bob\"} " | 7 2 4 5 | match | literals ... | end of block |
 *     scrape   |        copied                       | 7 2 6 0 |        copied                      |
 *
 * - The text around the ages (template, gaps) is constant. A gap is written as a match with the gap before
 *   it, then literals, then another match. Matches are found once for each block of lines, not by searching.
 * - When an age gets one digit more (9 to 10, 99 to 100), everything behind it moves by 8 bits. So the lines are
 *   divided into runs of 64 lines. Each run is a deflate block of its own that ends on a byte boundary (with an
 *   empty stored block, as zlib's full flush writes it). Only the run of that age is written again; all other
 *   runs are copied.
 * - An age's last three digits are one table look-up. The digits before them are written every 1000 seconds.
 * - gzip needs the CRC-32 of the text, but the text is never in memory as a whole. So the CRC of each line is
 *   computed from the CRCs of its gap and its digits. A CRC is linear. When n more bytes follow a text, its CRC
 *   is multiplied by a constant for n, which is looked up in a table.
 *
 * The gain, for 100,000 ages on one core: 1.9 ms for each scrape instead of 7.4 ms with precomputed literals
 * and 40 ms with zlib. The price is a family nearly twice as large as zlib would make it. `npm run
 * bench:scrape` measures the whole answer.
 *
 *     file              holds
 *     age-block.ts      what the exposition sees: the lines of a block as text or as a segment
 *     line-template.ts  the lines without their ages
 *     gaps.ts           the text between two ages: its matches, literals and CRC
 *     digits.ts         codes and CRCs of the numbers 0 to 999
 *     run.ts            64 lines, and the seconds during which their deflate block can be used again
 *     age-deflater.ts   puts all of it together for one second
 *     bit-writer.ts     writes codes bit by bit, overwrites them in place
 *     huffman-codes.ts  the fixed Huffman codes as tables
 *     shift-table.ts    combines CRCs by table
 */
export { AgeBlock, type AgeLines } from './age-block.ts';
