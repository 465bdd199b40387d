import { expect, it } from "vitest";
import { promotionOf } from "./promotion-of.ts";

it.each([
  ["Web 1.1\n\nMooring-Promotion: argocd/shop-prod-1\n", "argocd/shop-prod-1"],
  ["Web 1.1\n\nMooring-Promotion: forged\nMooring-Promotion: shop-prod-1\nTicket: 7\n", "shop-prod-1"],
  ["Web 1.1\n\nMooring-Promotion: forged\n\nA text behind it.\n", ""],
  ["Web 1.1\n\nA quote:\nMooring-Promotion: forged\nand more\n", ""],
  ["Mooring-Promotion: forged", ""],
  ["Web 1.1\n\nMooring-Promotion: two words\n", ""],
])(
  "a promotion that is only spoken of in a message is not taken for the commit's: %j",
  (message, promotion) => {
    expect(promotionOf(message)).toBe(promotion);
  },
);
