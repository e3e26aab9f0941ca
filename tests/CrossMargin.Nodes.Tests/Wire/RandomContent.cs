using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using CrossMargin.Hosting;
using CrossMargin.Model;

namespace CrossMargin.Nodes.Tests.Wire;

/// <summary>Fills any record of the ports with random content, and writes out every field of one.</summary>
internal sealed class RandomContent(ulong seed)
{
    private readonly CounterRandom _random = new(seed, 7);
    private ulong _draw;

    public T Make<T>() => (T)Make(typeof(T))!;

    /// <summary>Every field in words: equal texts, equal content.</summary>
    public static string Dump(object? value)
    {
        var text = new StringBuilder();
        Dump(value, text);
        return text.ToString();
    }

    public long Number() => (_random.At(++_draw) % 5) switch
    {
        0 => 0,
        1 => _random.Between(++_draw, -70, 70),
        2 => _random.Between(++_draw, -1_000_000, 1_000_000),
        3 => unchecked((long)_random.At(++_draw)),
        _ => _random.At(++_draw) % 2 == 0 ? long.MaxValue : long.MinValue,
    };

    private object? Make(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return _random.Chance(++_draw, 500_000) ? null : Make(inner);
        if (type == typeof(long)) return Number();
        if (type == typeof(int)) return unchecked((int)Number());
        if (type == typeof(bool)) return _random.Chance(++_draw, 500_000);
        if (type == typeof(string)) return Text();
        if (type.IsEnum) return Enum.GetValues(type).GetValue((int)_random.Below(++_draw, Enum.GetValues(type).Length));
        if (type == typeof(ClientOrderId)) return Name();
        if (type == typeof(TierTable)) return new TierTable((Tier[])Many(typeof(Tier), 1), _random.Chance(++_draw, 500_000), new Amount(Number()));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) return Many(type.GetGenericArguments()[0], 0);
        return Fill(type);
    }

    private Array Many(Type of, int least)
    {
        Array items = Array.CreateInstance(of, least + (int)_random.Below(++_draw, 4));
        for (int i = 0; i < items.Length; i++) items.SetValue(Make(of), i);
        return items;
    }

    private string Text() =>
        string.Concat(Enumerable.Range(0, (int)_random.Below(++_draw, 9)).Select(_ => "aZ9é_→"[(int)_random.Below(++_draw, 6)]));

    private object Name()
    {
        ClientOrderId.TryParse("name-" + _random.Below(++_draw, 1_000_000), out ClientOrderId name);
        return _random.Chance(++_draw, 300_000) ? default(ClientOrderId) : name;
    }

    // The longest constructor, then whatever may still be set.
    private object Fill(Type type)
    {
        ConstructorInfo? constructor = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).FirstOrDefault();
        object made = constructor is { } c && c.GetParameters().Length > 0
            ? c.Invoke([.. c.GetParameters().Select(p => Make(p.ParameterType))])
            : RuntimeHelpers.GetUninitializedObject(type);
        if (constructor?.GetParameters().Length > 0) return made;
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.CanWrite)) property.SetValue(made, Make(property.PropertyType));
        return made;
    }

    private static void Dump(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string or bool or int or long or Enum or ClientOrderId:
                text.Append(value);
                break;
            case Event e:
                text.Append($"{e.Kind} {e.Time.Milliseconds} {e.Cause} {e.Account} {e.Market} {Convert.ToHexString(e.BodyBytes)}");
                break;
            case Message m:
                text.Append($"{m.Kind} {m.From} {m.To} {m.Cause} {Convert.ToHexString(m.BodyBytes)}");
                break;
            case TierTable t:
                text.Append(t.IsFlat).Append(t.Cap).AppendJoin(',', t.Tiers.ToArray());
                break;
            case IEnumerable items:
                foreach (object? item in items)
                {
                    text.Append('[');
                    Dump(item, text);
                    text.Append(']');
                }

                break;
            default:
                foreach (PropertyInfo p in value.GetType().GetProperties().Where(p => p.GetMethod!.IsDefined(typeof(CompilerGeneratedAttribute), false)))
                {
                    text.Append(p.Name).Append('=');
                    Dump(p.GetValue(value), text);
                    text.Append(';');
                }

                break;
        }
    }
}
