// Answers and frames of the exchange, as recorded or documented in binance.md.
#pragma once

namespace vakthund::binance::samples {

// §3, recorded 2024-07.
inline constexpr char kPositionRisk[] =
    R"([{"symbol":"BTCUSDT","positionSide":"BOTH","positionAmt":"0.009","entryPrice":"67445.9","breakEvenPrice":"67479.62295","markPrice":"67502.68519858","unRealizedProfit":"0.51106678","liquidationPrice":"64846.98753790","isolatedMargin":"0","notional":"607.52416678","marginAsset":"USDT","isolatedWallet":"0","initialMargin":"7.59405208","maintMargin":"2.43009666","positionInitialMargin":"7.59405208","openOrderInitialMargin":"0","adl":2,"bidNotional":"0","askNotional":"0","updateTime":1722161166529}])";
inline constexpr char kPositionRiskV2[] =
    R"([{"entryPrice":"0.00000","breakEvenPrice":"0.0","marginType":"isolated","isAutoAddMargin":"false","isolatedMargin":"0.00000000","leverage":"10","liquidationPrice":"0","markPrice":"6679.50671178","maxNotionalValue":"20000000","positionAmt":"0.000","notional":"0","isolatedWallet":"0","symbol":"BTCUSDT","unRealizedProfit":"0.00000000","positionSide":"BOTH","updateTime":0}])";
inline constexpr char kAccount[] =
    R"({"totalInitialMargin":"7.59482199","totalMaintMargin":"2.43034303","totalWalletBalance":"25.72610060","totalUnrealizedProfit":"0.54230362","totalMarginBalance":"26.26840422","totalPositionInitialMargin":"7.59482199","totalOpenOrderInitialMargin":"0.00000000","totalCrossWalletBalance":"25.72610060","totalCrossUnPnl":"0.54230362","availableBalance":"18.65949928","maxWithdrawAmount":"18.65949928","assets":[{"asset":"USDT","walletBalance":"3.72964781","unrealizedProfit":"0.54238506","updateTime":1722161166529}],"positions":[{"symbol":"BTCUSDT","positionSide":"BOTH","positionAmt":"0.009","unrealizedProfit":"0.54238506","updateTime":1722161166529}]})";
inline constexpr char kAccountConfig[] =
    R"({"feeTier":0,"canTrade":true,"canDeposit":true,"canWithdraw":true,"dualSidePosition":true,"updateTime":0,"multiAssetsMargin":false,"tradeGroupId":-1})";
inline constexpr char kSymbolConfig[] =
    R"([{"symbol":"BTCUSDT","marginType":"CROSSED","isAutoAddMargin":false,"leverage":21,"maxNotionalValue":"1000000"}])";
inline constexpr char kUserTrades[] =
    R"([{"buyer":false,"commission":"0.07819010","commissionAsset":"USDT","id":698759,"maker":false,"orderId":25851813,"price":"7819.01","qty":"0.002","quoteQty":"15.63802","baseQty":"0.002","marginAsset":"USDT","realizedPnl":"-0.91539999","side":"SELL","positionSide":"SHORT","symbol":"BTCUSDT","pair":"BTCUSDT","time":1569514978020}])";

inline constexpr char kIncome[] =
    R"([{"symbol":"BTCUSDT","incomeType":"COMMISSION","income":"-0.01000000","asset":"USDT","info":"COMMISSION","time":1570636800000,"tranId":9689322392,"tradeId":"2059192"}])";
inline constexpr char kForceOrders[] =
    R"([{"orderId":6072734303,"symbol":"BTCUSDT","status":"FILLED","clientOrderId":"adl_autoclose","price":"11023.14","avgPrice":"10979.82000","origQty":"0.001","executedQty":"0.001","cumQuote":"10.97982","timeInForce":"GTC","type":"LIMIT","reduceOnly":false,"closePosition":false,"side":"BUY","positionSide":"SHORT","stopPrice":"0","workingType":"CONTRACT_PRICE","origType":"LIMIT","time":1596110725059,"updateTime":1596110725071}])";

// §4.
inline constexpr char kNewOrder[] =
    R"({"clientOrderId":"testOrder","cumQty":"0","executedQty":"0","orderId":22542179,"origQty":"10","price":"0","reduceOnly":false,"side":"SELL","positionSide":"SHORT","status":"NEW","stopPrice":"0","closePosition":false,"symbol":"BTCUSDT","timeInForce":"GTD","type":"LIMIT","origType":"LIMIT","updateTime":1566818724722,"workingType":"CONTRACT_PRICE","priceProtect":false,"priceMatch":"NONE","selfTradePreventionMode":"NONE","goodTillDate":1693207680000})";
inline constexpr char kOpenOrder[] =
    R"({"orderId":664082074,"symbol":"LTCUSDT","status":"NEW","clientOrderId":"x-xcKtGhcu68f8383451844295b3e8b9","price":"50.00","avgPrice":"0.00000","origQty":"0.200","executedQty":"0.000","cumQuote":"0.00000","timeInForce":"GTX","type":"LIMIT","reduceOnly":false,"closePosition":false,"side":"BUY","positionSide":"BOTH","stopPrice":"0.00","workingType":"CONTRACT_PRICE","priceProtect":false,"origType":"LIMIT","priceMatch":"NONE","selfTradePreventionMode":"NONE","goodTillDate":0,"time":1707907323983,"updateTime":1707907323991})";

// §5, recorded 2026-04 and 2026-01.
inline constexpr char kFinishedAlgoOrder[] =
    R"({"algoId":1000001270850379,"clientAlgoId":"x-yHjDKm8h7cd1bf4f-9ce3-4d55-b9f","algoType":"CONDITIONAL","orderType":"STOP_MARKET","symbol":"BTCUSDT","side":"BUY","positionSide":"BOTH","timeInForce":"GTC","quantity":"0.002","algoStatus":"FINISHED","actualOrderId":"974828356187","actualPrice":"69067.60000","actualQty":"0.002","actualType":"MARKET","triggerPrice":"69080.20","price":"0.00","icebergQuantity":null,"tpOrderType":"","selfTradePreventionMode":"EXPIRE_MAKER","workingType":"CONTRACT_PRICE","priceMatch":"NONE","closePosition":false,"priceProtect":false,"reduceOnly":true,"createTime":1775461924247,"updateTime":1775461936135,"triggerTime":1775461936114,"goodTillDate":0})";
inline constexpr char kOpenAlgoOrders[] =
    R"([{"algoId":1000000006010158,"clientAlgoId":"sch-1218-768878417-tp","algoType":"CONDITIONAL","orderType":"TAKE_PROFIT_MARKET","symbol":"XNYUSDT","side":"BUY","positionSide":"BOTH","timeInForce":"GTC","quantity":"8310","algoStatus":"NEW","actualOrderId":"","actualPrice":"0.0000000","triggerPrice":"0.0036130","price":"0.0000000","icebergQuantity":null,"tpOrderType":"","selfTradePreventionMode":"EXPIRE_MAKER","workingType":"MARK_PRICE","priceMatch":"NONE","closePosition":false,"priceProtect":false,"reduceOnly":false,"createTime":1768878418849,"updateTime":1768878418849,"triggerTime":0,"goodTillDate":0}])";

// §6.
inline constexpr char kPremiumIndex[] =
    R"({"symbol":"BTCUSDT","markPrice":"11793.63104562","indexPrice":"11781.80495970","estimatedSettlePrice":"11781.16138815","lastFundingRate":"0.00038246","interestRate":"0.00010000","nextFundingTime":1597392000000,"time":1597370495002})";
inline constexpr char kExchangeInfo[] =
    R"({"rateLimits":[{"rateLimitType":"REQUEST_WEIGHT","interval":"MINUTE","intervalNum":1,"limit":2400},{"rateLimitType":"ORDERS","interval":"MINUTE","intervalNum":1,"limit":1200},{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":300}],"symbols":[{"symbol":"BTCUSDT","contractType":"PERPETUAL","status":"TRADING","triggerProtect":"0.0500","marketTakeBound":"0.05","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.10","minPrice":"556.80","maxPrice":"4529764"},{"filterType":"LOT_SIZE","stepSize":"0.001","maxQty":"1000","minQty":"0.001"},{"filterType":"MARKET_LOT_SIZE","minQty":"0.001","stepSize":"0.001","maxQty":"120"},{"filterType":"MAX_NUM_ORDERS","limit":200},{"filterType":"MIN_NOTIONAL","notional":"50"},{"filterType":"PERCENT_PRICE","multiplierUp":"1.0500","multiplierDown":"0.9500","multiplierDecimal":"4"},{"filterType":"POSITION_RISK_CONTROL","positionControlSide":"NONE"}]}]})";
inline constexpr char kMarkPrice[] =
    R"({"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":1791283239000,"s":"BTCUSDT","p":"86026.40000000","i":"86059.26913043","P":"86090.55903865","r":"-0.00003629","ap":"86026.30000000","T":1791302400000,"st":1}})";
inline constexpr char kMarkPriceArrayCoinMargined[] =
    R"({"stream":"!markPrice@arr@1s","data":[{"e":"markPriceUpdate","E":1791283451000,"s":"BTCUSD_PERP","p":"86135.50000000","i":"86169.88180356","P":"86066.64151075","r":"0.00007058","ap":"86135.40000000","T":1791302400000,"st":2}]})";
inline constexpr char kBookTicker[] =
    R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":11747004261523,"s":"BTCUSDT","ps":"BTCUSDT","b":"85999.90","B":"15.739","a":"86000.00","A":"4.613","T":1791283218109,"E":1791283218110,"st":1}})";
inline constexpr char kAggTrade[] =
    R"({"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":1791283227690,"a":3476465318,"s":"BTCUSDT","p":"86000.00","q":"4.577","nq":"4.571","f":8149533714,"l":8149533773,"T":1791283227688,"m":true,"st":1}})";

// §7, recorded 2026-02 and 2025-12.
inline constexpr char kTradeLite[] =
    R"({"e":"TRADE_LITE","E":1771856732584,"T":1771856732584,"s":"SOLUSDT","q":"0.10","p":"0.0000","m":false,"c":"SOLUSDT_BOTH_1771856732181_1","S":"BUY","L":"80.1900","l":"0.10","t":3181138052,"i":199033476993})";
inline constexpr char kOrderTradeUpdate[] =
    R"({"e":"ORDER_TRADE_UPDATE","T":1771856732584,"E":1771856732584,"o":{"s":"SOLUSDT","c":"SOLUSDT_BOTH_1771856732181_1","S":"BUY","o":"MARKET","f":"GTC","q":"0.1","p":"0","ap":"0","sp":"0","x":"NEW","X":"NEW","i":199033476993,"l":"0","z":"0","L":"0","n":"0","N":"USDT","T":1771856732584,"t":0,"b":"0","a":"0","m":false,"R":false,"wt":"CONTRACT_PRICE","ot":"MARKET","ps":"BOTH","cp":false,"rp":"0","pP":false,"si":0,"ss":0,"V":"EXPIRE_MAKER","pm":"NONE","gtd":0,"er":"0"}})";
inline constexpr char kAccountUpdate[] =
    R"({"e":"ACCOUNT_UPDATE","T":1771856732584,"E":1771856732584,"a":{"B":[{"a":"USDT","wb":"1.73744723","cw":"1.73744723","bc":"0"}],"P":[{"s":"SOLUSDT","pa":"0.1","ep":"80.19","cr":"26.83159999","up":"0","mt":"cross","iw":"0","ps":"BOTH","ma":"USDT","bep":"80.230095"}],"m":"ORDER"}})";
inline constexpr char kAlgoTriggering[] =
    R"({"e":"ALGO_UPDATE","T":1765431097019,"E":1765431097020,"o":{"caid":"O-20251211-053131-TEST-000-1","aid":1000000033225453,"at":"CONDITIONAL","o":"STOP_MARKET","s":"DOGEUSDT","S":"BUY","ps":"BOTH","f":"GTC","q":"38","X":"TRIGGERING","ai":"","tp":"0.13855","p":"0","V":"EXPIRE_MAKER","wt":"CONTRACT_PRICE","pm":"NONE","cp":false,"pP":false,"R":false,"tt":1765431097019,"gtd":0}})";
inline constexpr char kAlgoFinished[] =
    R"({"e":"ALGO_UPDATE","T":1765431097031,"E":1765431097037,"o":{"caid":"O-20251211-053131-TEST-000-1","aid":1000000033225453,"at":"CONDITIONAL","o":"STOP_MARKET","s":"DOGEUSDT","S":"BUY","ps":"BOTH","f":"GTC","q":"38","X":"FINISHED","ai":"88937381063","ap":"0.13856","aq":"38","act":"MARKET","tp":"0.13855","p":"0","V":"EXPIRE_MAKER","wt":"CONTRACT_PRICE","pm":"NONE","cp":false,"pP":false,"R":false,"tt":1765431097019,"gtd":0}})";
inline constexpr char kMarginCall[] =
    R"({"e":"MARGIN_CALL","E":1587727187525,"cw":"3.16812045","p":[{"s":"ETHUSDT","ps":"LONG","pa":"1.327","mt":"CROSSED","iw":"0","mp":"187.17127","up":"-1.166074","mm":"1.614445"}]})";
inline constexpr char kLeverageChange[] =
    R"({"e":"ACCOUNT_CONFIG_UPDATE","E":1611646737479,"T":1611646737476,"ac":{"s":"BTCUSDT","l":25}})";
inline constexpr char kListenKeyExpired[] =
    R"({"e":"listenKeyExpired","E":1736996475556,"listenKey":"WsCMN0a4KHUPTQuX6IUnqEZfB1inxmv1qR4kbf1LuEjur5VdbzqvyxqG9TSjVVxv"})";
inline constexpr char kConditionalReject[] =
    R"~({"e":"CONDITIONAL_ORDER_TRIGGER_REJECT","E":1685517224945,"T":1685517224955,"or":{"s":"ETHUSDT","i":155618472834,"r":"(retired 2025-12-15; free text)"}})~";

}  // namespace vakthund::binance::samples
