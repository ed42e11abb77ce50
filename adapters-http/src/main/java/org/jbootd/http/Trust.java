package org.jbootd.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.CertificatePinner;
import okhttp3.OkHttpClient;
import okio.ByteString;

/**
 * What a server must show that is asked by https: a certificate for its name, issued by one of {@code authorities} and, if there are
 * {@code pins}, with one of those keys in its chain.
 *
 * @param authorities empty for those that Java trusts
 * @param pins as {@link #pin} reads them; empty for any key
 */
public record Trust(List<X509Certificate> authorities, List<String> pins) {

    /** The authorities that Java trusts, and any key. */
    public static final Trust USUAL = new Trust(List.of(), List.of());

    private static final String PIN_PREFIX = "sha256/";
    private static final int SHA_256_OCTETS = 32;

    public Trust {
        authorities = List.copyOf(authorities);
        pins = List.copyOf(pins);
    }

    /**
     * The certificates of a PEM file.
     *
     * @throws IllegalArgumentException when it cannot be read, or holds none
     */
    public static List<X509Certificate> authorities(Path file) {
        List<X509Certificate> found = new ArrayList<>();
        try (InputStream content = Files.newInputStream(file)) {
            CertificateFactory.getInstance("X.509")
                    .generateCertificates(content)
                    .forEach(certificate -> found.add((X509Certificate) certificate));
        } catch (NoSuchFileException problem) {
            throw new IllegalArgumentException("there is no file '" + file + "'", problem);
        } catch (IOException problem) {
            throw new IllegalArgumentException("'" + file + "' cannot be read: " + problem.getMessage(), problem);
        } catch (GeneralSecurityException problem) {
            throw new IllegalArgumentException("'" + file + "' is no file of certificates in PEM form", problem);
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("'" + file + "' holds no certificate");
        }
        return found;
    }

    /**
     * Reads the digest of a public key, {@code sha256/} and 44 characters of Base64, as curl and browsers write it.
     *
     * @throws IllegalArgumentException when {@code text} is none
     */
    public static String pin(String text) {
        ByteString digest =
                text.startsWith(PIN_PREFIX) ? ByteString.decodeBase64(text.substring(PIN_PREFIX.length())) : null;
        if (digest == null || digest.size() != SHA_256_OCTETS) {
            throw new IllegalArgumentException("'" + text + "' is not a pin: write " + PIN_PREFIX
                    + " and the SHA-256 of the server's public key in Base64");
        }
        return PIN_PREFIX + digest.base64();
    }

    /** Makes {@code client}, which is to speak to {@code host}, insist on it. */
    public void apply(OkHttpClient.Builder client, String host) {
        if (!authorities.isEmpty()) {
            X509TrustManager manager = trustManager();
            client.sslSocketFactory(context(manager).getSocketFactory(), manager);
        }
        if (!pins.isEmpty()) {
            client.certificatePinner(new CertificatePinner.Builder()
                    .add(host, pins.toArray(String[]::new))
                    .build());
        }
    }

    private X509TrustManager trustManager() {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry(String.valueOf(i), authorities.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .findFirst()
                    .orElseThrow();
        } catch (GeneralSecurityException | IOException problem) {
            throw new IllegalStateException("Java makes no trust of these certificates", problem);
        }
    }

    private static SSLContext context(X509TrustManager manager) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {manager}, null);
            return context;
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException("Java has no TLS", problem);
        }
    }
}
