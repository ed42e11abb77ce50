package org.jbootd.app.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jbootd.domain.client.ClientArchitecture;

/** The names of {@code [bootfile]} for processor architecture types (IANA, "Processor Architecture Types"). */
public final class Architectures {

    /**
     * What each name stands for. Firmware of 64-bit PCs calls itself 7 or 9: RFC 4578 had the two the other way round
     * (erratum 4625).
     */
    public static final Map<String, List<Integer>> NAMES = new TreeMap<>(Map.ofEntries(
            Map.entry("bios", List.of(0)),
            Map.entry("uefi-ia32", List.of(6)),
            Map.entry("uefi-x64", List.of(7, 9)),
            Map.entry("uefi-arm32", List.of(10)),
            Map.entry("uefi-arm64", List.of(11)),
            Map.entry("uefi-ia32-http", List.of(15)),
            Map.entry("uefi-x64-http", List.of(16, 17)),
            Map.entry("uefi-arm32-http", List.of(18)),
            Map.entry("uefi-arm64-http", List.of(19)),
            Map.entry("bios-http", List.of(20)),
            Map.entry("uboot-arm32", List.of(21)),
            Map.entry("uboot-arm64", List.of(22)),
            Map.entry("uboot-arm32-http", List.of(23)),
            Map.entry("uboot-arm64-http", List.of(24)),
            Map.entry("uefi-riscv32", List.of(25)),
            Map.entry("uefi-riscv32-http", List.of(26)),
            Map.entry("uefi-riscv64", List.of(27)),
            Map.entry("uefi-riscv64-http", List.of(28)),
            Map.entry("powerpc-openfirmware", List.of(12)),
            Map.entry("powerpc-epapr", List.of(13)),
            Map.entry("power-opal", List.of(14)),
            Map.entry("s390", List.of(31)),
            Map.entry("uefi-loongarch32", List.of(37)),
            Map.entry("uefi-loongarch32-http", List.of(38)),
            Map.entry("uefi-loongarch64", List.of(39)),
            Map.entry("uefi-loongarch64-http", List.of(40))));

    private Architectures() {}

    /**
     * Reads a name, or a number as pybootd 1.8 has it ({@code 00007}).
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static List<ClientArchitecture> parse(String text) {
        if (text.matches("\\d{1,5}")) {
            return List.of(new ClientArchitecture(Integer.parseInt(text)));
        }
        List<Integer> codes = NAMES.get(text.toLowerCase(Locale.ROOT));
        if (codes == null) {
            throw new IllegalArgumentException("unknown architecture; write its IANA number, or one of "
                    + String.join(", ", NAMES.keySet()) + Suggestion.hint(text, NAMES.keySet().stream()));
        }
        return codes.stream().map(ClientArchitecture::new).toList();
    }
}
