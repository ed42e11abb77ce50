package org.jbootd.persistence;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.h2.api.ErrorCode;
import org.h2.engine.Constants;
import org.h2.engine.SessionRemote;

/**
 * What a client of H2's protocol says first. H2 would make room for whatever length it announces, so that a few octets end the
 * process; here everything has a bound.
 */
sealed interface SqlHandshake {

    /** A string has at most so many characters, and a hash so many octets. */
    int MOST_CHARACTERS = 4_096;

    int MOST_HASH_OCTETS = 256;
    int MOST_SETTINGS = 64;

    /** Of null. */
    int NONE = -1;

    /**
     * Wants to ask.
     *
     * @param database as the client names it
     * @param user in the spelling of the client
     * @param settings by their names in capitals
     */
    record Login(Versions versions, String database, String user, byte[] passwordHash, Map<String, String> settings)
            implements SqlHandshake {}

    /** Wants a statement of another connection ended. @param session what that connection's client calls it */
    record Cancellation(String session, int statement) implements SqlHandshake {}

    /** Of the protocol, those that the client knows. */
    record Versions(int least, int most) {}

    /**
     * @throws SqlRefusal when it is well-formed and cannot be granted
     * @throws IOException when the connection fails, or what comes is nothing that a client of H2's says
     */
    static SqlHandshake read(InputStream in) throws IOException, SqlRefusal {
        DataInputStream data = new DataInputStream(in);
        Versions versions = new Versions(data.readInt(), data.readInt());
        if (versions.least() > Constants.TCP_PROTOCOL_VERSION_MAX_SUPPORTED
                || versions.most() < Constants.TCP_PROTOCOL_VERSION_MIN_SUPPORTED) {
            throw new SqlRefusal(
                    ErrorCode.DRIVER_VERSION_ERROR_2,
                    "this driver of H2's is too old or too new: take that of version " + Constants.FULL_VERSION);
        }
        String database = string(data);
        String url = string(data);
        return database == null && url == null ? cancellation(data) : login(data, versions, database);
    }

    private static SqlHandshake cancellation(DataInputStream data) throws IOException {
        String session = string(data);
        if (session == null || data.readInt() != SessionRemote.SESSION_CANCEL_STATEMENT) {
            throw new ProtocolException("neither a login nor the end of a statement");
        }
        return new Cancellation(session, data.readInt());
    }

    private static SqlHandshake login(DataInputStream data, Versions versions, String database)
            throws IOException, SqlRefusal {
        String user = string(data);
        byte[] passwordHash = octets(data);
        byte[] filePasswordHash = octets(data);
        int count = data.readInt();
        if (database == null || user == null || passwordHash == null || count < 0 || count > MOST_SETTINGS) {
            throw new ProtocolException("no login");
        }
        Map<String, String> settings = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            String name = string(data);
            String value = string(data);
            if (name == null) {
                throw new ProtocolException("a setting without a name");
            }
            settings.put(name.toUpperCase(Locale.ROOT), value == null ? "" : value);
        }
        if (filePasswordHash != null) {
            throw new SqlRefusal(ErrorCode.UNSUPPORTED_SETTING_1, "the history is not encrypted: leave out CIPHER");
        }
        return new Login(versions, database, user, passwordHash, settings);
    }

    private static String string(DataInputStream data) throws IOException {
        int characters = length(data, MOST_CHARACTERS);
        return characters == NONE
                ? null
                : new String(data.readNBytes(Character.BYTES * characters), StandardCharsets.UTF_16BE);
    }

    private static byte[] octets(DataInputStream data) throws IOException {
        int octets = length(data, MOST_HASH_OCTETS);
        return octets == NONE ? null : data.readNBytes(octets);
    }

    private static int length(DataInputStream data, int most) throws IOException {
        int length = data.readInt();
        if (length < NONE || length > most) {
            throw new ProtocolException("a string of length " + length);
        }
        return length;
    }

    /** As H2's server reads it. @param url that H2 is to show, without settings */
    static byte[] octets(Login login, String url) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(octets)) {
            out.writeInt(login.versions().least());
            out.writeInt(login.versions().most());
            write(out, login.database());
            write(out, url);
            write(out, login.user());
            out.writeInt(login.passwordHash().length);
            out.write(login.passwordHash());
            out.writeInt(NONE); // the password of an encrypted file
            out.writeInt(login.settings().size());
            for (Map.Entry<String, String> setting : login.settings().entrySet()) {
                write(out, setting.getKey());
                write(out, setting.getValue());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return octets.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        out.writeInt(text.length());
        out.write(text.getBytes(StandardCharsets.UTF_16BE));
    }
}
