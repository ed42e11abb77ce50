package org.example.inventory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jbootd.domain.access.AccessBackend;
import org.jbootd.domain.access.AccessControl;
import org.jbootd.domain.access.BadSetting;

/** {@code access = inventory}: a text file says which machines may boot, and what they are called. */
public final class InventoryBackend implements AccessBackend {

    @Override
    public String name() {
        return "inventory";
    }

    @Override
    public AccessControl open(Map<String, String> settings) throws BadSetting {
        for (String key : settings.keySet()) {
            if (!key.equalsIgnoreCase("file")) {
                throw new BadSetting(key, "unknown key; the only one is file");
            }
        }
        String name = settings.values().stream()
                .findFirst()
                .orElseThrow(() -> new BadSetting("file", "missing; name the file that lists the machines"));
        Path file = Path.of(name);
        if (!Files.isReadable(file)) {
            throw new BadSetting("file", "there is no file '" + name + "' that can be read");
        }
        return new Inventory(file);
    }
}
