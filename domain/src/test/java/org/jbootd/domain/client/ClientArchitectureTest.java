package org.jbootd.domain.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientArchitectureTest {

    @ParameterizedTest
    @CsvSource({
        "PXEClient:Arch:00007:UNDI:003000, 7",
        "PXEClient:Arch:00000, 0",
        "HTTPClient:arch:16:UNDI:003000, 16",
        "PXEClient:Arch:65535, 65535"
    })
    void aVendorClassNamesIt(String vendorClass, int code) {
        assertThat(ClientArchitecture.inVendorClass(vendorClass)).contains(new ClientArchitecture(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PXEClient",
                "PXEClient:Arch",
                "PXEClient:Bits:00007",
                "PXEClient:Arch:",
                "x:Arch:65536",
                "x:Arch:-1",
                "x:Arch:000007"
            })
    void anotherVendorClassNamesNone(String vendorClass) {
        assertThat(ClientArchitecture.inVendorClass(vendorClass)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void itIsANumberOfTwoOctets(int code) {
        assertThatThrownBy(() -> new ClientArchitecture(code))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an architecture is 0 to 65535, not " + code);
    }
}
