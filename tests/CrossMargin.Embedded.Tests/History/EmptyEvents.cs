using System.Reflection;
using CrossMargin.Model;

namespace CrossMargin.Embedded.Tests.History;

/// <summary>An event of each kind whose body is all zero, of account 7 and market 1.</summary>
internal static class EmptyEvents
{
    public static Event Of(EventKind kind)
    {
        Type body = typeof(Event).Assembly.GetTypes().Single(t => IsBodyOf(t, kind));
        MethodInfo make = typeof(EmptyEvents).GetMethod(nameof(Make), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(body);
        return (Event)make.Invoke(null, null)!;
    }

    private static Event Make<T>()
        where T : unmanaged, IPayload<T, EventKind> => Script.Of(7, 1, default(T));

    private static bool IsBodyOf(Type type, EventKind kind) =>
        type.IsValueType && !type.IsEnum
        && type.GetInterfaces().Any(IsEventPayload)
        && type.GetProperty("Kind", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is EventKind own && own == kind;

    private static bool IsEventPayload(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IPayload<,>) && type.GenericTypeArguments[1] == typeof(EventKind);
}
