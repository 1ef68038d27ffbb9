/**
 * A self-signed certificate for `localhost` and 127.0.0.1, for tests of TLS on loopback.
 * Its key is public and protects nothing; nobody may trust it outside a test. Valid for 100 years:
 *   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
 *     -subj /CN=localhost -addext "subjectAltName=DNS:localhost,IP:127.0.0.1"
 */

/** Key and certificate in PEM, as `https.createServer` takes them; `cert` is its own CA. */
export const selfSignedCertificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg3bZML8iw5KKpan+2
LQM+GiUnUHXTqUs85N7+mjO7RNehRANCAAQ3VPAXNXKGvePcPOTotz9ms3fK0qum
YLNBhtyGmByy1DJUnXJm7zvJHWNDr7A68AM7TBkXA4CITQRiF6nkl7iN
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUMRZ6NlYbDCma7Tv4c015gicxZccwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDA4MTcxNVoYDzIxMjYxMDMx
MDgxNzE1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ3VPAXNXKGvePcPOTotz9ms3fK0qumYLNBhtyGmByy1DJUnXJm7zvJ
HWNDr7A68AM7TBkXA4CITQRiF6nkl7iNo28wbTAdBgNVHQ4EFgQULJWWwU+iyrmq
pE+BJ981jw7drgwwHwYDVR0jBBgwFoAULJWWwU+iyrmqpE+BJ981jw7drgwwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgLrrNp9Pgs0yzwr4yfp8xbJ9zrnaesMLXO7RjJVPefeECIQDn
k6MN2p1xEeMyw4qNFAF4MqyGxXOGd1JXcQ24I/ul8Q==
-----END CERTIFICATE-----
`,
};
