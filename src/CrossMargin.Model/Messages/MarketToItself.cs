using System.Runtime.InteropServices;

namespace CrossMargin.Model;

/// <summary>The next slice of a funding settlement's payments is to be sent. Carries no money: each payment was booked at the settlement.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct ContinueFunding : IPayload<ContinueFunding, MessageKind>
{
    public Timestamp FundingTime;

    public static MessageKind Kind => MessageKind.ContinueFunding;
}
