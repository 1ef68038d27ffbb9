/**
 * A self-signed certificate for tests of TLS on loopback, also behind a proxy on loopback.
 * Its key is public and protects nothing; nobody may trust it outside a test. Valid for 100 years:
 *   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
 *     -subj /CN=localhost \
 *     -addext "subjectAltName=DNS:localhost,IP:127.0.0.1,DNS:aws.example.com,DNS:api.dintero.com"
 */

/** Key and certificate in PEM, as `https.createServer` takes them; `cert` is its own CA. */
export const selfSignedCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg80YrUD0HM/KQyA5Q
r9WnHiq0qs/CIwPG55rhP9iD+CmhRANCAARzcyEMZxoSvA2Rq1cUO4uauHb6lcdx
WfdhtDQXz07mSsGZdBoULB7DEXKA+LflwLlwtlPf5G/e3UZMUPDD8nLi
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBvjCCAWWgAwIBAgIUSTfpqsH0bTIM9uHpdD3T6LJQPHowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjE3MjcwNloYDzIxMjYxMTAy
MTcyNzA2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARzcyEMZxoSvA2Rq1cUO4uauHb6lcdxWfdhtDQXz07mSsGZdBoULB7D
EXKA+LflwLlwtlPf5G/e3UZMUPDD8nLio4GSMIGPMB0GA1UdDgQWBBQuaTEAjk0F
jPTn89VluJXQRaFwCTAfBgNVHSMEGDAWgBQuaTEAjk0FjPTn89VluJXQRaFwCTAP
BgNVHRMBAf8EBTADAQH/MDwGA1UdEQQ1MDOCCWxvY2FsaG9zdIcEfwAAAYIPYXdz
LmV4YW1wbGUuY29tgg9hcGkuZGludGVyby5jb20wCgYIKoZIzj0EAwIDRwAwRAIg
bLLWnvCerub6/GyFPECpm0BHsFziIkV1Cs4xpnWcf2cCIAuhh0XE1wZnzdvPmFJz
ak/s12yaQpIdx5Tc2E7Qb1wd
-----END CERTIFICATE-----
`,
};
