using System.Reflection;
using CrossMargin.Hosting;

namespace CrossMargin.Gateway.Tests.Admin;

/// <summary>A history that remembers nothing: every question is answered with an empty list.</summary>
public class NoHistory : DispatchProxy
{
    public static IExchangeHistory Create() => Create<IExchangeHistory, NoHistory>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Type result = targetMethod!.ReturnType.GetGenericArguments()[0];
        object? empty = result.IsGenericType ? Array.CreateInstance(result.GetGenericArguments()[0], 0) : null;
        return typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(result).Invoke(null, [empty]);
    }
}
