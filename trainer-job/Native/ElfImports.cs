using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace KeypointPipeline.TrainerJob.Native;

/// <summary>Edits the imports of a 64-bit little-endian ELF shared library. Layout: System V gABI, chapters 4 and 5; symbol
/// versioning: Linux Standard Base Core, section "Symbol Versioning".</summary>
internal static class ElfImports
{
    private const int HeaderBytes = 64;
    private const int SectionHeaderBytes = 64;
    private const int SymbolBytes = 24;
    private const uint DynamicSymbols = 11; // SHT_DYNSYM
    private const uint SymbolVersions = 0x6fffffff; // SHT_GNU_versym
    private const uint NeededVersions = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort WeakFlag = 2; // VER_FLG_WEAK
    private const ushort IndexMask = 0x7fff; // the high bit of a version index says "hidden"

    /// <summary>Redirects every use of one imported symbol to another, and makes the version that the first one needed optional. In place.</summary>
    /// <param name="library">The library's bytes; changed only when the result is true.</param>
    /// <param name="symbol">Mangled name of the import to replace.</param>
    /// <param name="replacement">Mangled name of an existing import that replaces it.</param>
    /// <returns>False if the library does not import <paramref name="symbol"/>, so that nothing needs to change.</returns>
    /// <exception cref="InvalidDataException">The file is not such a library, it does not import <paramref name="replacement"/>, or
    /// other imports need the same version, so that it cannot become optional.</exception>
    public static bool Redirect(Span<byte> library, string symbol, string replacement)
    {
        try
        {
            return RedirectCore(library, symbol, replacement);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("The library's ELF tables point outside the file: it is truncated or damaged.", e);
        }
    }

    private static bool RedirectCore(Span<byte> library, string symbol, string replacement)
    {
        ElfTables tables = ReadTables(library);
        int from = FindImport(library, tables, symbol);
        if (from < 0)
            return false;
        int to = FindImport(library, tables, replacement);
        if (to < 0)
            throw new InvalidDataException($"The library does not import {replacement}, which should replace {symbol}.");

        Span<ushort> versions = MemoryMarshal.Cast<byte, ushort>(Slice(library, tables.Versions));
        ushort version = (ushort)(versions[from] & IndexMask);
        for (int i = 0; i < versions.Length; i++)
        {
            if (i != from && (versions[i] & IndexMask) == version)
                throw new InvalidDataException($"{symbol} is not the only import that needs its version.");
        }

        int flags = FindNeededVersionFlags(library, tables.Needed, version);
        Span<byte> symbols = Slice(library, tables.Symbols);
        symbols.Slice(to * SymbolBytes, sizeof(uint)).CopyTo(symbols[(from * SymbolBytes)..]);
        versions[from] = versions[to];
        BinaryPrimitives.WriteUInt16LittleEndian(
            library[flags..], (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(library[flags..]) | WeakFlag));
        return true;
    }

    private static ElfTables ReadTables(ReadOnlySpan<byte> library)
    {
        if (library.Length < HeaderBytes || !library.StartsWith("\u007fELF"u8))
            throw new InvalidDataException("Not an ELF file.");
        if (library[4] != 2 || library[5] != 1)
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");

        int start = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(library[0x28..]));
        int count = BinaryPrimitives.ReadUInt16LittleEndian(library[0x3c..]);
        Table? symbols = null, strings = null, versions = null, needed = null;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> header = library.Slice(start + (i * SectionHeaderBytes), SectionHeaderBytes);
            switch (BinaryPrimitives.ReadUInt32LittleEndian(header[4..]))
            {
                case DynamicSymbols:
                    symbols = ReadTable(header);
                    int link = (int)BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..]);
                    strings = ReadTable(library.Slice(start + (link * SectionHeaderBytes), SectionHeaderBytes));
                    break;
                case SymbolVersions:
                    versions = ReadTable(header);
                    break;
                case NeededVersions:
                    needed = ReadTable(header);
                    break;
            }
        }

        return symbols is null || strings is null || versions is null || needed is null
            ? throw new InvalidDataException("The ELF file has no versioned dynamic symbols.")
            : new ElfTables(symbols, strings, versions, needed);
    }

    private static Table ReadTable(ReadOnlySpan<byte> header) => new(
        checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x18..])),
        checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[0x20..])));

    private static int FindImport(ReadOnlySpan<byte> library, ElfTables tables, string name)
    {
        ReadOnlySpan<byte> symbols = library.Slice(tables.Symbols.Offset, tables.Symbols.Bytes);
        ReadOnlySpan<byte> strings = library.Slice(tables.Strings.Offset, tables.Strings.Bytes);
        byte[] wanted = [.. Encoding.ASCII.GetBytes(name), 0];
        for (int i = 0; i < symbols.Length / SymbolBytes; i++)
        {
            ReadOnlySpan<byte> symbol = symbols.Slice(i * SymbolBytes, SymbolBytes);
            bool undefined = BinaryPrimitives.ReadUInt16LittleEndian(symbol[6..]) == 0;
            int nameAt = (int)BinaryPrimitives.ReadUInt32LittleEndian(symbol);
            if (undefined && strings[nameAt..].StartsWith(wanted))
                return i;
        }

        return -1;
    }

    private static int FindNeededVersionFlags(ReadOnlySpan<byte> library, Table needed, ushort version)
    {
        int file = needed.Offset;
        while (true)
        {
            int entries = BinaryPrimitives.ReadUInt16LittleEndian(library[(file + 2)..]);
            int entry = file + (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(file + 8)..]);
            for (int i = 0; i < entries; i++)
            {
                if (BinaryPrimitives.ReadUInt16LittleEndian(library[(entry + 6)..]) == version)
                    return entry + 4;
                entry += (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(entry + 12)..]);
            }

            int next = (int)BinaryPrimitives.ReadUInt32LittleEndian(library[(file + 12)..]);
            if (next == 0)
                throw new InvalidDataException($"No needed version has index {version}.");
            file += next;
        }
    }

    private static Span<byte> Slice(Span<byte> library, Table table) => library.Slice(table.Offset, table.Bytes);

    private sealed record Table(int Offset, int Bytes);

    private sealed record ElfTables(Table Symbols, Table Strings, Table Versions, Table Needed);
}
