using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CrossMargin.Architecture.Tests.Scanning;

/// <summary>One use found in compiled code: the method (or field) it is in, and what it uses.</summary>
public sealed record Use(string Where, string What);

/// <summary>
/// Reads a compiled assembly and lists what its methods call and which types their fields, signatures and locals have, floating-point
/// instructions included. Source analyzers do not see fields, operators and casts of floats, nor a foreach over a dictionary; this does.
/// </summary>
public static class AssemblyScan
{
    private static readonly OpCode[] OneByte = new OpCode[256];
    private static readonly OpCode[] TwoByte = new OpCode[256];

    static AssemblyScan()
    {
        foreach (System.Reflection.FieldInfo field in typeof(OpCodes).GetFields())
        {
            var code = (OpCode)field.GetValue(null)!;
            ushort value = unchecked((ushort)code.Value); // two-byte opcodes are negative
            (value < 0x100 ? OneByte : TwoByte)[value & 0xFF] = code;
        }
    }

    public static IReadOnlyList<Use> Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var image = new PEReader(stream);
        MetadataReader reader = image.GetMetadataReader();
        var names = new TypeNames(reader);
        var uses = new List<Use>();
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string typeName = names.GetTypeFromDefinition(reader, handle, 0);
            foreach (FieldDefinitionHandle f in type.GetFields())
            {
                FieldDefinition field = reader.GetFieldDefinition(f);
                uses.Add(new Use($"{typeName}.{reader.GetString(field.Name)}", "type " + field.DecodeSignature(names, null)));
            }

            foreach (MethodDefinitionHandle m in type.GetMethods()) ReadMethod(image, reader, names, typeName, m, uses);
        }

        return uses;
    }

    private static void ReadMethod(
        PEReader image, MetadataReader reader, TypeNames names, string typeName, MethodDefinitionHandle handle, List<Use> uses)
    {
        MethodDefinition method = reader.GetMethodDefinition(handle);
        string where = $"{typeName}.{reader.GetString(method.Name)}";
        MethodSignature<string> signature = method.DecodeSignature(names, null);
        uses.Add(new Use(where, "type " + signature.ReturnType));
        foreach (string parameter in signature.ParameterTypes) uses.Add(new Use(where, "type " + parameter));
        if (method.RelativeVirtualAddress == 0) return;
        MethodBodyBlock body = image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            ImmutableArray<string> locals = reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null);
            foreach (string local in locals) uses.Add(new Use(where, "type " + local));
        }

        ReadCode(reader, names, body.GetILReader(), where, uses);
    }

    private static void ReadCode(MetadataReader reader, TypeNames names, BlobReader code, string where, List<Use> uses)
    {
        while (code.RemainingBytes > 0)
        {
            byte first = code.ReadByte();
            OpCode op = first == 0xFE ? TwoByte[code.ReadByte()] : OneByte[first];
            if (IsFloat(op)) uses.Add(new Use(where, "float " + op.Name));
            switch (op.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineTok:
                    Token(reader, names, System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(code.ReadInt32()), where, uses);
                    break;
                case OperandType.InlineSwitch:
                    int count = code.ReadInt32();
                    code.Offset += count * 4;
                    break;
                default:
                    code.Offset += OperandSize(op.OperandType);
                    break;
            }
        }
    }

    private static void Token(MetadataReader reader, TypeNames names, EntityHandle handle, string where, List<Use> uses)
    {
        switch (handle.Kind)
        {
            case HandleKind.MemberReference:
                MemberReference member = reader.GetMemberReference((MemberReferenceHandle)handle);
                uses.Add(new Use(where, $"call {names.Of(member.Parent)}.{reader.GetString(member.Name)}"));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification spec = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                Token(reader, names, spec.Method, where, uses);
                uses.Add(new Use(where, "generic " + string.Join(",", spec.DecodeSignature(names, null))));
                break;
        }
    }

    private static bool IsFloat(OpCode op) =>
        op.Name is { } name && (name.Contains(".r4", StringComparison.Ordinal) || name.Contains(".r8", StringComparison.Ordinal)
            || name is "conv.r.un" or "ckfinite");

    private static int OperandSize(OperandType type) => type switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
