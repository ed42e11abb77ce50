package org.jbootd.app.settings;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jbootd.domain.access.UuidList;
import org.jbootd.domain.client.Host;
import org.jbootd.domain.net.HardwareAddress;
import org.jbootd.domain.net.Ipv4;

/** {@code [host NAME]}: one machine. @param address reserved for it, by its MAC if that is there, else by its UUID */
record HostSettings(Section section, Host host, Optional<Ipv4> address) {

    /** Each MAC and each UUID is one host's; a second one is a mistake. */
    static List<HostSettings> from(Sections sections) {
        List<HostSettings> hosts = new ArrayList<>();
        sections.named("host").forEach((name, section) -> from(name, section).ifPresent(hosts::add));
        Map<HardwareAddress, HostSettings> byHardware = new HashMap<>();
        Map<UUID, HostSettings> byUuid = new HashMap<>();
        for (HostSettings host : hosts) {
            host.host().hardware().ifPresent(mac -> unique("mac", mac, host, byHardware));
            host.host().uuid().ifPresent(uuid -> unique("uuid", uuid, host, byUuid));
        }
        return hosts;
    }

    private static <K> void unique(String key, K value, HostSettings host, Map<K, HostSettings> owners) {
        HostSettings owner = owners.putIfAbsent(value, host);
        if (owner != null) {
            host.section()
                    .mistake(
                            key, value + " is that of [" + owner.section().spelling() + "]; a machine has one section");
        }
    }

    private static Optional<HostSettings> from(String name, Section section) {
        Optional<HardwareAddress> mac = section.optional("mac", Machines::machine);
        Optional<UUID> uuid = section.optional("uuid", HostSettings::uuid);
        Optional<Ipv4> address = section.optional("address", Ipv4::parse);
        Optional<String> hostName = section.optional("hostname", Values::name);
        Optional<String> bootFile = section.optional("boot_file", Values::bootFile);
        var options = MoreOptions.from(section, Map.of());
        if (!section.has("mac") && !section.has("uuid")) {
            section.mistake("mac", "missing, and so is uuid; give one of them, so that the machine is known by it");
        }
        return mac.isEmpty() && uuid.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new HostSettings(section, new Host(name, mac, uuid, hostName, bootFile, options), address));
    }

    private static UUID uuid(String text) {
        UuidList.Entry entry = UuidList.Entry.parse(text, true);
        if (!entry.isExact()) {
            throw new IllegalArgumentException("'" + text + "' is several machines: write one UUID");
        }
        return entry.uuid();
    }
}
