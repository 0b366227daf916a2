package org.keyrotation.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server and a client of a private PKI, as PKCS12 stores in a directory: each has a self-signed certificate that only the
 * other one's trust store holds. The server's is also there as PEM.
 */
public record TlsStores(Path directory) {

    /** The password of every store. */
    public static final String PASSWORD = "CANARY-of-a-store";

    private static final String ALIAS = "it";
    private static final long KEYTOOL_TIMEOUT_SECONDS = 60;

    /** Creates the stores with the JDK's keytool. */
    public static TlsStores createIn(Path directory) {
        return createIn(directory, "ip:127.0.0.1,dns:localhost");
    }

    /** Creates stores whose certificates are for these hosts, such as {@code dns:localhost}. */
    public static TlsStores createIn(Path directory, String hosts) {
        TlsStores stores = new TlsStores(directory);
        try {
            for (String owner : List.of("server", "client")) {
                stores.generate(owner, hosts);
            }
            stores.trust("server", stores.clientTrustStore());
            stores.trust("client", stores.serverTrustStore());
            stores.writeServerCertificate();
            return stores;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Holds the server's private key. */
    Path serverKeyStore() {
        return directory.resolve("server.p12");
    }

    /** Holds the client's certificate. */
    Path serverTrustStore() {
        return directory.resolve("server-trust.p12");
    }

    /** Holds the client's private key. */
    public Path clientKeyStore() {
        return directory.resolve("client.p12");
    }

    /** Holds the server's certificate. */
    public Path clientTrustStore() {
        return directory.resolve("client-trust.p12");
    }

    /** The server's certificate. */
    public Path serverCertificate() {
        return directory.resolve("server.crt");
    }

    private void generate(String owner, String hosts) throws IOException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        directory.resolve(owner + ".p12").toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + owner,
                        "-ext",
                        "san=" + hosts)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(owner + ".log").toFile())
                .start();
        try {
            if (!keytool.waitFor(KEYTOOL_TIMEOUT_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IOException("keytool failed: " + Files.readString(directory.resolve(owner + ".log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void trust(String owner, Path trustStore) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(owner, certificate(owner));
        try (OutputStream file = Files.newOutputStream(trustStore)) {
            trusted.store(file, PASSWORD.toCharArray());
        }
    }

    private void writeServerCertificate() throws IOException, GeneralSecurityException {
        byte[] encoded = certificate("server").getEncoded();
        Files.writeString(
                serverCertificate(),
                "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(encoded)
                        + "\n-----END CERTIFICATE-----\n");
    }

    private Certificate certificate(String owner) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(directory.resolve(owner + ".p12").toFile(), PASSWORD.toCharArray());
        return keys.getCertificate(ALIAS);
    }
}
