package org.keyrotation.routes.api;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.JsseParameters;
import org.apache.camel.support.jsse.KeyManagersParameters;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.support.jsse.TrustManagersParameters;
import org.apache.camel.util.ObjectHelper;
import org.jspecify.annotations.Nullable;

/** Validator of the stores of the API client: those of the context's SSLContextParameters, and the JVM's. */
public final class TlsConfigValidator {

    private static final String PREFIX = "camel.ssl.";
    private static final String ENABLED = PREFIX + "enabled";
    private static final String CERTIFICATES = "a store with a CA's certificate, and its password";
    private static final String PRIVATE_KEY = "a store with a private key, and its password";

    private final CamelContext context;
    private final ApiSettings settings;
    private final List<String> problems = new ArrayList<>();

    public TlsConfigValidator(CamelContext context, ApiSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** Returns the problems, one line each. Without this check, every call would fail. */
    public List<String> problems() {
        if (!settings.isEncrypted()) {
            return List.of();
        }
        SSLContextParameters parameters = context.getSSLContextParameters();
        if (parameters == null) {
            checkEnabled();
            checkTrustOfTheJvm();
            checkKeysOfTheJvm();
        } else {
            checkTrust(parameters.getTrustManagers());
            checkKeys(parameters.getKeyManagers());
            checkOther(parameters);
        }
        return problems;
    }

    /** Camel Main ignores the other properties without this one. */
    private void checkEnabled() {
        Set<String> names = new TreeSet<>();
        Properties properties = context.getPropertiesComponent().loadProperties(name -> name.startsWith(PREFIX));
        Stream.of(properties, System.getProperties())
                .flatMap(source -> source.stringPropertyNames().stream())
                .filter(name -> name.startsWith(PREFIX))
                .forEach(names::add);
        System.getenv().keySet().stream()
                .filter(name -> name.startsWith("CAMEL_SSL_"))
                .map(name -> PREFIX
                        + name.substring(PREFIX.length())
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-'))
                .forEach(names::add);
        if (!names.isEmpty() && !names.contains(ENABLED)) {
            problems.add(ENABLED + ": missing, expected true or false beside " + String.join(", ", names));
        }
    }

    private void checkTrust(@Nullable TrustManagersParameters trust) {
        if (trust == null) {
            checkTrustOfTheJvm();
        } else if (trust.getTrustManager() == null) {
            prepare(trust, trust.getKeyStore());
            check(
                    "camel.ssl.trust-store",
                    resource(trust.getKeyStore()),
                    CERTIFICATES,
                    () -> requireCertificate(trust.createTrustManagers()));
        }
    }

    private void checkKeys(@Nullable KeyManagersParameters keys) {
        KeyStoreParameters store = keys == null ? null : keys.getKeyStore();
        if (keys != null && store != null && store.getResource() != null) {
            prepare(keys, store);
            check("camel.ssl.key-store", store.getResource(), PRIVATE_KEY, () -> {
                var unused = keys.createKeyManagers();
                requirePrivateKey(store.createKeyStore());
            });
        }
    }

    /** The parameters do so themselves, but only when they create their SSLContext. */
    private void prepare(JsseParameters managers, @Nullable KeyStoreParameters store) {
        managers.setCamelContext(context);
        if (store != null) {
            store.setCamelContext(context);
        }
    }

    private void checkOther(SSLContextParameters parameters) {
        if (problems.isEmpty()) {
            check("camel.ssl.*", null, "values that Camel documents", () -> {
                var unused = parameters.createSSLContext(context);
            });
        }
    }

    /** The JVM takes its own list of CAs in place of a trust store that it cannot read. */
    private void checkTrustOfTheJvm() {
        String store = System.getProperty("javax.net.ssl.trustStore");
        check("javax.net.ssl.trustStore", store, CERTIFICATES, () -> {
            if (store != null && !store.equals("NONE") && !Files.isReadable(Path.of(store))) {
                throw new FileNotFoundException("not a readable file");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            requireCertificate(factory.getTrustManagers());
        });
    }

    private void checkKeysOfTheJvm() {
        String property = "javax.net.ssl.keyStore";
        if (problems.isEmpty()) {
            check(property, System.getProperty(property), PRIVATE_KEY, () -> {
                var unused = SSLContext.getDefault();
            });
        }
    }

    private void check(String property, @Nullable String store, String expected, Check check) {
        try {
            check.run();
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            problems.add("%s: %scannot be used (%s), expected %s"
                    .formatted(property, store == null ? "" : "'" + store + "' ", reason(e), expected));
        }
    }

    /** The text of an I/O or security error holds no password. That of another exception may. */
    private static String reason(Exception e) {
        IOException unreadable = ObjectHelper.getException(IOException.class, e);
        Exception cause = unreadable == null ? e : unreadable;
        String text = cause instanceof RuntimeException ? null : cause.getMessage();
        return text == null ? cause.getClass().getSimpleName() : text;
    }

    private static void requireCertificate(TrustManager[] managers) throws KeyStoreException {
        for (TrustManager manager : managers) {
            if (manager instanceof X509TrustManager trust && trust.getAcceptedIssuers().length == 0) {
                throw new KeyStoreException("no certificate in it");
            }
        }
    }

    private static void requirePrivateKey(KeyStore store) throws KeyStoreException {
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                return;
            }
        }
        throw new KeyStoreException("no private key in it");
    }

    private static @Nullable String resource(@Nullable KeyStoreParameters store) {
        return store == null ? null : store.getResource();
    }

    @FunctionalInterface
    private interface Check {
        void run() throws IOException, GeneralSecurityException;
    }
}
