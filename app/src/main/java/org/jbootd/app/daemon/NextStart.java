package org.jbootd.app.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jbootd.app.settings.BootpSettings;
import org.jbootd.app.settings.LeaseSettings;
import org.jbootd.app.settings.Settings;
import org.jbootd.app.settings.TftpSettings;

/** What cannot change while the daemon runs, because sockets and the lease store are open with it. */
final class NextStart {

    private NextStart() {}

    /** The keys in which {@code next} differs from what the daemon was started with. */
    static List<String> waitsFor(Settings started, Settings next) {
        List<String> keys = new ArrayList<>();
        started.dhcp().ifPresent(dhcp -> {
            Settings.Dhcp other = next.dhcp().orElseThrow();
            compare(keys, "[bootp] port", BootpSettings::port, dhcp.bootp(), other.bootp());
            compare(keys, "[bootp] reply_port", BootpSettings::replyPort, dhcp.bootp(), other.bootp());
            compare(
                    keys,
                    "[bootp] servername and domain, as sname",
                    BootpSettings::serverName,
                    dhcp.bootp(),
                    other.bootp());
            compare(keys, "[bootp] interface", bootp -> bootp.subnets().interfaces(), dhcp.bootp(), other.bootp());
            compare(keys, "[bootp] identity", BootpSettings::identification, dhcp.bootp(), other.bootp());
            compare(
                    keys,
                    "[leases] history_keep",
                    leases -> leases.map(LeaseSettings::historyKeep),
                    dhcp.leases(),
                    other.leases());
            compare(
                    keys,
                    "[leases] hash_chain",
                    leases -> leases.map(LeaseSettings::hashChain),
                    dhcp.leases(),
                    other.leases());
            compare(
                    keys,
                    "[leases] sql_port, sql_address and sql_password",
                    leases -> leases.map(LeaseSettings::sql),
                    dhcp.leases(),
                    other.leases());
            compare(
                    keys,
                    "[leases] data_dir",
                    leases -> leases.map(LeaseSettings::ownDirectory),
                    dhcp.leases(),
                    other.leases());
            compare(
                    keys,
                    "[leases] url, user and password",
                    leases -> leases.flatMap(LeaseSettings::database),
                    dhcp.leases(),
                    other.leases());
        });
        started.tftp().ifPresent(tftp -> {
            TftpSettings other = next.tftp().orElseThrow();
            compare(keys, "[tftp] address", TftpSettings::address, tftp, other);
            compare(keys, "[tftp] port", TftpSettings::port, tftp, other);
            compare(keys, "[tftp] blocksize", TftpSettings::blockSize, tftp, other);
            compare(keys, "[tftp] timeout", TftpSettings::timeout, tftp, other);
        });
        return keys;
    }

    private static <T> void compare(List<String> keys, String key, Function<T, Object> value, T one, T other) {
        if (!value.apply(one).equals(value.apply(other))) {
            keys.add(key);
        }
    }
}
