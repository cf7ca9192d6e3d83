/**
 * The words in the API's error codes. A code with any other word may contain a value of the account, so
 * the report leaves it out.
 */
const WORDS: ReadonlySet<string> = new Set(
  `Abnormal Access Account Action Activated Active AG Api Argument Arrearage Arrears Auth Authorization Authorized Backend
  Bandwidth Biz Business Call Cidr Client Conf Config Configuration Configuring Conflict Count Creating Cross Denied Device
  Disabled Does Domain Duplicate Email Empty Entity Error Exceed Exceeded Exist Exists Exit Expired Fail Failed Failure Feature
  Flow Forbidden Forbbiden Format Found Gateway Group HTTP Has Hardware Id Ids Illegal In Inactive Incomplete Incorrect Initializing
  Inner Instance Internal Invalid Ip Is Key Large Limit Limited List Locked Malformed Match Max Method Missing Mismatch Mode Name Names
  Need No Nonce Normal Not Offline On Online Open Operate Operating Operation Over Owner Page Param Parameter Parameters
  Password Permission Pop Process Product Protocol Quota RAM Rate Region Rejected Request Resource Return Role SAG SN Sag
  Sdk Secure Security Service Session Signature Size Smart SMARTAG Smartag Software Ssl Stamp State Statistics Status Stop
  Stopped Sts Sub Subscription Support Supported Synchronized Synchronizing System Task Temporarily Throttling Time Timeout
  Timestamp To Token Too Type Unauthorized Unavailable Unknown Unsupported Unsynchronized Used User Username Using Value
  Vcpe Verify Version Vpc Vpn With Wrong`.split(/\s+/),
);

/** A word of a code. Dots and underscores separate words; a capital letter begins one. */
const WORD = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;

/** The error code if all its words are known, else `other`. */
export function reportableCode(code: string): string {
  const words = code.match(WORD) ?? [];
  const isWhole = words.join('') === code.replace(/[._]/g, '');
  return isWhole && words.length > 0 && words.every((word) => WORDS.has(word)) ? code : 'other';
}
