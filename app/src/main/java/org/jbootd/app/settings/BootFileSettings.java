package org.jbootd.app.settings;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jbootd.domain.client.ClientArchitecture;

/**
 * {@code [bootfile]}, and {@code [bootp] boot_file}.
 *
 * @param standard for whoever no other name is for
 * @param byArchitecture the more exactly named of two names for the same architecture has won
 * @param ipxe for iPXE, once it runs
 */
public record BootFileSettings(
        Optional<String> standard, Map<ClientArchitecture, String> byArchitecture, Optional<String> ipxe) {

    public BootFileSettings {
        byArchitecture = Map.copyOf(byArchitecture);
    }

    static BootFileSettings from(Section bootfile, Section bootp) {
        Optional<String> standard = bootfile.optional("default", Values::bootFile);
        Optional<String> older = bootp.optional("boot_file", Values::bootFile);
        if (standard.isPresent() && older.isPresent()) {
            bootp.warning("boot_file", "not used: [bootfile] default holds");
        }
        List<Section.Line<List<ClientArchitecture>, String>> lines =
                bootfile.lines(Architectures::parse, Values::bootFile);
        Map<ClientArchitecture, String> byArchitecture = new LinkedHashMap<>();
        lines.stream().filter(line -> line.key().size() > 1).forEach(line -> put(byArchitecture, line));
        lines.stream().filter(line -> line.key().size() == 1).forEach(line -> put(byArchitecture, line));
        Optional<String> ipxe = bootfile.optional("ipxe", Values::bootFile);
        if (lines.isEmpty() && !bootfile.has("default") && !bootp.has("boot_file")) {
            bootfile.warning("default", "missing; machines get nothing to boot");
        }
        return new BootFileSettings(standard.or(() -> older), byArchitecture, ipxe);
    }

    private static void put(
            Map<ClientArchitecture, String> byArchitecture, Section.Line<List<ClientArchitecture>, String> line) {
        line.key().forEach(architecture -> byArchitecture.put(architecture, line.value()));
    }

    /** Every file name that is told to some machine, {@code others} too; URLs are asked for elsewhere. */
    Set<String> namesAnd(Stream<String> others) {
        Set<String> names = new HashSet<>(byArchitecture.values());
        others.forEach(names::add);
        standard.ifPresent(names::add);
        ipxe.ifPresent(names::add);
        names.removeIf(name -> name.contains("://"));
        return names;
    }
}
