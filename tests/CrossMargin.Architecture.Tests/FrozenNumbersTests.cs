using System.Runtime.CompilerServices;
using System.Text;
using CrossMargin.Model;

namespace CrossMargin.Architecture.Tests;

/// <summary>
/// Everything in Model that reaches the disk: enum numbers, and the layout of message and event bodies. A difference means that journals
/// and histories written before can no longer be read: append new members at the end and write them into the frozen file; never change or
/// reuse a line. A real break needs a new format version and a decision record.
/// </summary>
public class FrozenNumbersTests
{
    [Fact]
    public void Enums_HaveTheirFrozenNumbers() => Compare("enums.txt", Enums(typeof(Side).Assembly.GetTypes()));

    [Fact]
    public void Bodies_HaveTheirFrozenLayout() => Compare("bodies.txt", Bodies(typeof(Side).Assembly.GetTypes()));

    [Fact]
    public void Bodies_HaveNoPadding()
    {
        foreach (Type type in BodyTypes(typeof(Side).Assembly.GetTypes()))
        {
            int sum = Fields(type).Sum(f => SizeOf(f.FieldType));
            Assert.True(sum == SizeOf(type), $"{type.Name}: fields {sum} bytes, struct {SizeOf(type)}");
        }
    }

    [Fact]
    public void EachMessageKind_HasABody()
    {
        foreach (MessageKind kind in Enum.GetValues<MessageKind>())
        {
            Assert.True(kind == MessageKind.None || MessageLayout.IsKnown(kind), $"{kind} has no size in MessageLayout");
        }
    }

    [Fact]
    public void PlantedChange_IsFound()
    {
        string before = Enums([typeof(PlantedBefore)]).Replace(nameof(PlantedBefore), "X", StringComparison.Ordinal);
        string after = Enums([typeof(PlantedAfter)]).Replace(nameof(PlantedAfter), "X", StringComparison.Ordinal);
        Assert.NotEqual(before, after);
        Assert.NotEqual(Bodies([typeof(PlantedBody)]), Bodies([typeof(PlantedWiderBody)]).Replace("Wider", "", StringComparison.Ordinal));
    }

    private static void Compare(string file, string actual)
    {
        string path = Path.Combine(RepositoryFiles.Root, "tests", "CrossMargin.Architecture.Tests", "Frozen", file);
        if (Environment.GetEnvironmentVariable("CROSSMARGIN_FREEZE") == "1") File.WriteAllText(path, actual);
        string frozen = File.ReadAllText(path).ReplaceLineEndings("\n");
        string[] missing = [.. frozen.Split('\n').Except(actual.Split('\n'))];
        string[] added = [.. actual.Split('\n').Except(frozen.Split('\n'))];
        Assert.True(
            missing.Length + added.Length == 0,
            $"{file}: changed or gone: {string.Join("; ", missing)}. New (freeze them with CROSSMARGIN_FREEZE=1): {string.Join("; ", added)}");
    }

    private static string Enums(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (Type type in types.Where(t => t.IsEnum && (t.IsPublic || t.IsNested)).OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            foreach (object value in Enum.GetValues(type))
            {
                text.Append($"{type.Name}.{value} = {Convert.ToInt64(value)}\n");
            }
        }

        return text.ToString();
    }

    private static string Bodies(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (Type type in BodyTypes(types))
        {
            string fields = string.Join(", ", Fields(type).Select(f => $"{f.Name}:{SizeOf(f.FieldType)}"));
            text.Append($"{type.Name} {SizeOf(type)}: {fields}\n");
        }

        return text.ToString();
    }

    private static IEnumerable<Type> BodyTypes(IEnumerable<Type> types) => types
        .Where(t => t.IsValueType && t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IPayload<,>)))
        .OrderBy(t => t.Name, StringComparer.Ordinal);

    private static System.Reflection.FieldInfo[] Fields(Type type) =>
        type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic);

    private static int SizeOf(Type type) => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    public enum PlantedBefore
    {
        A = 1,
        B = 2,
    }

    public enum PlantedAfter
    {
        A = 1,
        B = 3,
    }

    public struct PlantedBody : IPayload<PlantedBody, MessageKind>
    {
        public long A;
        public static MessageKind Kind => MessageKind.None;
    }

    public struct PlantedWiderBody : IPayload<PlantedWiderBody, MessageKind>
    {
        public Int128 A;
        public static MessageKind Kind => MessageKind.None;
    }
}
